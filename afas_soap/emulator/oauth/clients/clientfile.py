"""Clients out of a TOML file, for ``afas emulator --clients``.

::

    [[client]]
    id = "invoices"
    kind = "service"                  # or "person", "public"
    secrets = ["..."]                 # and/or one of the next three
    certificate = "invoices.pem"      # beside this file
    key = "invoices.pub.pem"
    jwks = "invoices.json"
    key_id = "2026"                   # of certificate or key
    redirect_uris = ["http://localhost:8321/callback"]
    dpop = true                       # no token without DPoP
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from afas_soap.emulator.oauth.clients.clientkeys import (
    NO_KEYS,
    ClientKeys,
    keys_of_certificate,
    keys_of_jwks,
    keys_of_public_key,
)
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind, registered
from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret

_TYPES: Mapping[str, tuple[type, str]] = {
    "id": (str, "a text"),
    "kind": (str, "service, person or public"),
    "secrets": (list, "a list of texts"),
    "certificate": (str, "a file"),
    "key": (str, "a file"),
    "jwks": (str, "a file"),
    "key_id": (str, "a text"),
    "redirect_uris": (list, "a list of addresses"),
    "dpop": (bool, "true or false"),
}
_Table = Mapping[str, object]


def read_clients(path: Path) -> tuple[Client, ...]:
    """The clients in ``path``. Raises ``SettingsError``, which never repeats a value of the file."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise SettingsError(f"{path}: it cannot be read, or is no TOML.") from None
    tables = document.get("client")
    if set(document) != {"client"} or not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise SettingsError(f"{path}: each client is a table [[client]], and there is nothing else.")
    try:
        clients = tuple(_client(table, path.parent) for table in tables)
        registered(clients)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None
    return clients


def _client(table: _Table, folder: Path) -> Client:
    for name, value in table.items():
        if name not in _TYPES:
            raise SettingsError(f"a client has no {name!r}; it has {', '.join(_TYPES)}.")
        kind, rule = _TYPES[name]
        if not isinstance(value, kind):
            raise SettingsError(f"{name} is {rule}.")
    if table.get("kind") not in [kind.value for kind in Kind]:
        raise SettingsError(f"kind is {_TYPES['kind'][1]}.")
    return Client(
        str(table.get("id", "")),
        Kind(table["kind"]),
        secrets=tuple(ClientSecretOf(Secret(text, "client secret")) for text in _texts(table, "secrets")),
        keys=_keys(table, folder),
        redirect_uris=_texts(table, "redirect_uris"),
        dpop=bool(table.get("dpop", False)),
    )


def _texts(table: _Table, name: str) -> tuple[str, ...]:
    values = table.get(name, [])
    assert isinstance(values, list)
    if not all(isinstance(value, str) and value for value in values):
        raise SettingsError(f"{name} is {_TYPES[name][1]}.")
    return tuple(values)


def _keys(table: _Table, folder: Path) -> ClientKeys:
    given = [name for name in _READ if name in table]
    if len(given) > 1:
        raise SettingsError(f"a client has one of {', '.join(_READ)}.")
    key_id = table.get("key_id")
    if key_id is not None and given not in (["certificate"], ["key"]):
        raise SettingsError("key_id goes with certificate or key.")
    if not given:
        return NO_KEYS
    try:
        data = (folder / str(table[given[0]])).read_bytes()
    except OSError:
        raise SettingsError(f"{given[0]}: the file cannot be read.") from None
    return _READ[given[0]](data, None if key_id is None else str(key_id))


def _jwks(data: bytes, _key_id: str | None) -> ClientKeys:
    return keys_of_jwks(data.decode("utf-8", "replace"))


_READ: Mapping[str, Callable[[bytes, str | None], ClientKeys]] = {
    "certificate": keys_of_certificate,
    "key": keys_of_public_key,
    "jwks": _jwks,
}
