"""The SOAP host: one .asmx per service; documents are in ``soapdocuments``.

Sources: profit-wire 1.2, 1.3, 4.6 and 7, authentication.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from werkzeug import Request as HttpRequest
from werkzeug import Response

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.booking.validation import check_cleared
from afas_soap.emulator.credentials import Verdict, of_body, of_header
from afas_soap.emulator.getconnectors.getdata import result_text
from afas_soap.emulator.http import envelopes, soapdocuments, wsdl
from afas_soap.emulator.http.answers import not_found_page, page, soap_answer, started
from afas_soap.emulator.imports.commandline import read_command_line
from afas_soap.emulator.imports.jobs import decoded
from afas_soap.emulator.oauth.entrance import Entrance
from afas_soap.emulator.onetimepasswords import OPERATIONS as PASSWORDS
from afas_soap.emulator.onetimepasswords import OneTimePasswords
from afas_soap.emulator.refusals import (
    DOES_NOT_EXIST,
    TOKEN_MISSING,
    TOKEN_UNKNOWN,
    TOKEN_UNREADABLE,
    UNEXPECTED,
    UNKNOWN_ACTION,
    UNREADABLE,
    UNREADABLE_DATA,
    Refused,
    Text,
)
from afas_soap.errors import AfasError, AnswerError, UpdateError
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.updates.receipt import receipt_to_xml
from afas_soap.profit.updates.updatexml import update_from_xml
from afas_soap.profit.xmlsafe import parse

# Bad credentials over SOAP give a fault here; 401 as over REST is as possible (profit-wire 10, unknown 7).
_NOT_ADMITTED: Mapping[Verdict, Text] = {
    Verdict.MISSING: TOKEN_MISSING,
    Verdict.NOT_BASE64: TOKEN_UNREADABLE,
    Verdict.UNREADABLE: TOKEN_UNREADABLE,
    Verdict.UNKNOWN: TOKEN_UNKNOWN,
}
_WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,10}\s*")
_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True)
class SoapHost:
    """Answers what is asked below ``/ProfitServices``; ``switched_off`` names .asmx files, in lower case, that are not
    there."""

    app_connector: AppConnector
    tokens: Collection[AfasToken]
    entrance: Entrance
    passwords: OneTimePasswords
    switched_off: frozenset[str] = frozenset()

    def respond(self, request: HttpRequest, path: str, *, language: str, reference: str) -> Response:
        """The answer; ``path`` is what stands behind ``/ProfitServices/``, ``reference`` the log reference."""
        asmx = path.lower()
        service = wsdl.services().get(asmx)
        if service is None or asmx in self.switched_off:
            return not_found_page()
        if request.method == "GET":
            return _described(service, request)
        if not envelopes.is_soap(request.mimetype):
            return page(415, "415 - Unsupported Media Type")
        entry = self.entrance.enter(request)
        if entry.answer is not None:
            return entry.answer
        try:
            call = envelopes.read_request(request.get_data(), request.mimetype, _action(request))
            if (service.name, call.operation) in PASSWORDS:
                # Who has no token yet asks here, so none is asked for.
                return self._without_token(call, PASSWORDS[service.name, call.operation])
            operation = _OPERATIONS.get((service.name, call.operation))
            if operation is None:
                raise Refused(UNKNOWN_ACTION, code="Client")
            challenge = None if entry.admitted else self._unadmitted(call, request.headers.get("Authorization"))
            return entry.seen_off(self._answer(call, operation)) if challenge is None else challenge
        except AfasError as error:
            refused = Refused.by(error)
        except Refused as refusal:
            refused = refusal
        return self.refuse(request, refused, language=language, reference=reference)

    def refuse(self, request: HttpRequest, refused: Refused, *, language: str, reference: str) -> Response:
        """A refusal as a fault with status 500 (profit-wire 7), in the version that the media type tells."""
        version = envelopes.version_of(request.mimetype)
        fault = envelopes.write_fault(version, refused, language=language, reference=reference)
        return soap_answer(fault, version.content_type, status=500)

    def _answer(self, call: envelopes.Request, operation: _Operation) -> Response:
        chunks = envelopes.write_answer(call.version, call.operation, operation(self.app_connector, call.parameters))
        answer = soap_answer(started(chunks), call.version.content_type)
        answer.call_on_close(chunks.close)
        return answer

    def _without_token(self, call: envelopes.Request, operation: Callable[..., str | None]) -> Response:
        result = operation(self.passwords, call.parameters)
        if result is None:
            return soap_answer(envelopes.write_void(call.version, call.operation), call.version.content_type)
        chunks = envelopes.write_answer(call.version, call.operation, [result])
        return soap_answer(b"".join(chunks), call.version.content_type)

    def _unadmitted(self, call: envelopes.Request, header: str | None) -> Response | None:
        """The answer to who shows no token at all where OAuth has one; None for who shows a good AfasToken. Raises
        ``Refused`` for a bad one."""
        entrance = self.entrance
        verdict = Verdict.MISSING
        if entrance.classic:
            verdict = of_header(header, self.tokens, dialect=self.app_connector.dialect)
        if entrance.classic and verdict is Verdict.MISSING:
            # The header wins when both are there (inferred: it is the newer of the two).
            verdict = of_body(call.parameters.get("token"), self.tokens)
        challenge = entrance.challenge() if verdict is Verdict.MISSING else None
        if challenge is None and verdict is not Verdict.ADMITTED:
            raise Refused(_NOT_ADMITTED[verdict])
        return challenge


def _described(service: wsdl.Service, request: HttpRequest) -> Response:
    if request.query_string.lower().partition(b"=")[0] == b"wsdl":
        return soap_answer(wsdl.document(service, request.base_url), "text/xml; charset=utf-8")
    return page(200, f"{service.name} Web Service")


def _action(request: HttpRequest) -> str | None:
    if request.mimetype == "application/soap+xml":
        return request.mimetype_params.get("action") or None
    return request.headers.get("SOAPAction", "").strip().strip('"') or None


def _number(parameters: Mapping[str, str], name: str) -> int:
    """An ``int`` parameter; left out it is 0 to ASP.NET."""
    text = parameters.get(name, "0")
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Refused(UNREADABLE, code="Client")
    return int(text)


def _get_data(app_connector: AppConnector, parameters: Mapping[str, str], options: str | None = None) -> Iterator[str]:
    call = GetData(
        parameters.get("connectorId", ""),
        parameters.get("filtersXml"),
        _number(parameters, "skip"),
        _number(parameters, "take"),
        options,
    )
    return result_text(app_connector, call)


def _get_data_with_options(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    return _get_data(app_connector, parameters, parameters.get("options", ""))


def _execute_data(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """The only ``dataID`` that is known; what Profit says to another is not."""
    if parameters.get("dataID") != "GetXmlSchema":
        raise Refused(UNEXPECTED)
    connector, encode = _schema_parameters(parameters.get("parametersXml", ""))
    document = _DATA_DOCUMENT.format(
        connector=escape(connector), schema=escape(app_connector.schema(connector).rstrip() + "\n")
    )
    yield base64.b64encode(document.encode()).decode() if encode else document


def _schema_parameters(text: str) -> tuple[str, bool]:
    try:
        root = parse(text.strip())
    except AnswerError:
        raise Refused(UNEXPECTED) from None
    encode = (root.findtext("EncodeBase64") or "").strip().lower() in _TRUE
    return (root.findtext("UpdateConnectorId") or "").strip(), encode


_DATA_DOCUMENT = (
    '<AfasDataConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasDataConnector">'
    '<xs:complexType><xs:choice maxOccurs="unbounded"><xs:element name="ConnectorData"><xs:complexType><xs:sequence>'
    '<xs:element name="Id" type="xs:string" minOccurs="0"/><xs:element name="Schema" type="xs:string" minOccurs="0"/>'
    "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
    "<ConnectorData><Id>{connector}</Id><Schema>{schema}</Schema></ConnectorData></AfasDataConnector>\n"
)


def _execute_update(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """Book ``dataXml``. Only version 1 of a connector is known (profit-wire 4.1): the number is read and not looked at.

    A record without an action is inserted (inferred: AFAS' schemas demand one).
    """
    connector = parameters.get("connectorType", "")
    _number(parameters, "connectorVersion")
    definition = app_connector.definition(connector, unknown=DOES_NOT_EXIST)
    try:
        update = update_from_xml(parameters.get("dataXml", "").strip(), connector)
    except UpdateError:
        raise Refused(UNREADABLE_DATA) from None
    for element in update.elements:
        check_cleared(element, definition.shape)
    yield from receipt_to_xml(app_connector.send(update), definition.shape.name)


def _product_version(app_connector: AppConnector, _parameters: Mapping[str, str]) -> Iterator[str]:
    yield app_connector.store.version()


def _execute_command(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    jobs = app_connector.remote_imports()
    archive = decoded(parameters.get("attachementArchive", ""))
    yield jobs.execute(read_command_line(parameters.get("commandLine", "")), archive)


def _command_state(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    yield base64.b64encode(app_connector.remote_imports().take_log(parameters.get("commandId", "").strip())).decode()


_Operation = Callable[[AppConnector, Mapping[str, str]], Iterator[str]]
_OPERATIONS: Mapping[tuple[str, str], _Operation] = {
    ("ConnectorAppGet", "GetData"): _get_data,
    ("ConnectorAppGet", "GetDataWithOptions"): _get_data_with_options,
    ("ConnectorAppData", "Execute"): _execute_data,
    ("ConnectorAppUpdate", "Execute"): _execute_update,
    ("ConnectorAppCmd", "Execute"): _execute_command,
    ("ConnectorAppCmd", "GetState"): _command_state,
    ("ConnectorAppVersionInfo", "GetProductVersion"): _product_version,
    ("ConnectorAppSubject", "GetSubjectAttachmentInfo"): soapdocuments.attachment_info,
    ("ConnectorAppSubject", "GetSubjectAttachmentData"): soapdocuments.attachment_data,
    ("ConnectorAppSubject", "GetAttachment"): soapdocuments.attachment,
    ("ConnectorAppReport", "Execute"): soapdocuments.report,
}
