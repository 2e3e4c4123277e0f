"""The REST host's calls that change something: POST, PUT and DELETE. Sources: profit-wire 3.1, 3.5, 3.6 and 13."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from werkzeug import Request as HttpRequest
from werkzeug import Response

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.http.answers import bare, json_bytes, rest_answer
from afas_soap.errors import UpdateError
from afas_soap.profit.updates.receipt import receipt_to_json
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.profit.updates.updatejson import update_from_json

# One client knows this body, and not for which status (profit-wire 3.6): that it belongs here is inferred.
_INVALID = {"message": "Invalid json"}


def is_update(request: HttpRequest) -> bool:
    """Whether a request is one of these, by its method."""
    return request.method in _CALLS


def respond(app_connector: AppConnector, request: HttpRequest, path: str) -> Response:
    """The answer to a call that is admitted; ``path`` is what stands behind ``/ProfitRestServices/``."""
    parts = raw_path(request, path).rstrip("/").split("/")
    call = _CALLS[request.method].get(len(parts))
    if call is None or parts[0].lower() != "connectors":
        return bare(404)
    return call(app_connector, request, parts)


def raw_path(request: HttpRequest, path: str) -> str:
    """The same path as it was sent, where the server tells it: a value may hold a slash or a comma."""
    address = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return path if not isinstance(address, str) else urlsplit(address).path.removeprefix("/").partition("/")[2]


def _insert(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    return _sent(app_connector, request, unquote(parts[1]), Action.INSERT)


def _update(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    return _sent(app_connector, request, unquote(parts[1]), Action.UPDATE)


def _insert_below(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    connector, sub_object = unquote(parts[1]), unquote(parts[2])
    if sub_object not in app_connector.definition(connector).sub_objects:
        return bare(404)
    return _sent(app_connector, request, connector, Action.INSERT, sub_object)


def _update_below(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    """PUT below a sub-object: in no file of AFAS', and used in production for objects without a POST of their own as
    well (profit-wire 15.8). That a connector without PUT has none below either is inferred."""
    connector, sub_object = unquote(parts[1]), unquote(parts[2])
    definition = app_connector.definition(connector)
    if sub_object not in (definition.shape.objects if Action.UPDATE in definition.verbs else definition.sub_objects):
        return bare(404)
    return _sent(app_connector, request, connector, Action.UPDATE, sub_object)


def _sent(
    app_connector: AppConnector, request: HttpRequest, connector: str, action: Action, sub_object: str = ""
) -> Response:
    if not sub_object and action not in app_connector.definition(connector).verbs:
        return bare(404)
    try:
        # UTF-8 alone: what Profit makes of any other encoding is not known.
        text = request.get_data().decode()
        update = update_from_json(text, connector, action=action, sub_object=sub_object)
    except (UnicodeDecodeError, UpdateError):
        return _invalid(app_connector)
    # Without a root it is no body of AFAS', but a plain record.
    return _booked(app_connector, update, rest_answer(b"", status=201)) if update.root else _invalid(app_connector)


def _delete(app_connector: AppConnector, _request: HttpRequest, parts: Sequence[str]) -> Response:
    connector, root = unquote(parts[1]), unquote(parts[2])
    if Action.DELETE not in app_connector.definition(connector).verbs:
        return bare(404)
    keys = _keys(*parts[3:5])
    below = _keys(*parts[6:8]) if len(parts) > 5 else None
    if keys is None or (below is None and len(parts) > 5):
        return bare(400)
    if below is None:
        return _booked(app_connector, Update(connector, root, (Element(keys, action=Action.DELETE),)), bare(200))
    sub_object = unquote(parts[5])
    rows = (Part(sub_object, (Element(below, action=Action.DELETE),)),)
    record = Element(keys, action=Action.UPDATE, objects=rows)
    return _booked(app_connector, Update(connector, root, (record,), sub_object), bare(200))


def _keys(names: str, values: str) -> Mapping[str, str] | None:
    """Keys with or without ``@`` and their values, as comma lists in the same order; None when they are no pairs.

    A value is decoded when the list was taken apart, so that it may hold a comma.
    """
    codes = [name.strip().removeprefix("@") for name in unquote(names).split(",")]
    texts = [unquote(value) for value in values.split(",")]
    return dict(zip(codes, texts, strict=True)) if len(codes) == len(texts) and all(codes) else None


def _booked(app_connector: AppConnector, update: Update, untold: Response) -> Response:
    """201 with the keys, or ``untold`` when there are none to tell.

    That is 201 for POST and PUT, as AFAS' files say, and called JSON although it has no body: clients that look for
    ``application/json`` before anything else work with Profit (profit-wire 15.6; 10, conflict 6). DELETE gives 200.
    """
    definition = app_connector.definition(update.connector)
    receipt = app_connector.send(update)
    if not receipt.keys:
        return untold
    document = receipt_to_json(receipt, definition.result_name or definition.shape.name)
    return rest_answer(json_bytes(document, app_connector.dialect), status=201)


def _invalid(app_connector: AppConnector) -> Response:
    return rest_answer(json_bytes(_INVALID, app_connector.dialect), status=400)


_Call = Callable[[AppConnector, HttpRequest, Sequence[str]], Response]
# By method and number of parts of the path.
_CALLS: Mapping[str, Mapping[int, _Call]] = {
    "POST": {2: _insert, 3: _insert_below},
    "PUT": {2: _update, 3: _update_below},
    "DELETE": {5: _delete, 8: _delete},
}
