"""Every setting as a keyword argument, for type checkers: a static twin of the table, which a test compares."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.sb.access.address import SbEnvironment


class SettingsArguments(TypedDict, total=False):
    """Every setting by name, as ``connect`` takes them; None is the same as leaving one out."""

    profile: str | None
    protocol: str | None
    environment: str | Environment | SbEnvironment | None
    token: str | AfasToken | None
    token_file: str | Path | None
    token_keyring: str | None
    auth: str | None
    client_id: str | None
    client_secret: str | Secret | None
    client_secret_file: str | Path | None
    client_secret_keyring: str | None
    client_secret_basic: bool | None
    private_key_file: str | Path | None
    key_id: str | None
    assertion_type: str | None
    assertion_audience: str | None
    assertion_algorithm: str | None
    dpop: bool | None
    redirect_uri: str | None
    client_cert_file: str | Path | None
    client_key_file: str | Path | None
    app_token: str | Secret | None
    app_token_file: str | Path | None
    app_token_keyring: str | None
    scope: str | None
    signed_in_with: str | None
    openapi: str | Path | None
    blob_form: str | None
    blob_chunk_header: str | None
    api: str | None
    integration_id: str | None
    language: str | None
    soap_url: str | None
    rest_url: str | None
    connect_timeout: float | None
    read_timeout: float | None
    call_timeout: float | None
    retry_total: float | None
    retry_locked: bool | None
    ca_bundle: str | Path | None
    allow_http: bool | None
    token_in_body: bool | None
    soap_version: str | None
    send_file_as_binary: bool | None
    trace: str | Path | None
    max_value: int | None
    embedded: bool | None
