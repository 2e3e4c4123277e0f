"""Digests: how JOSE and OAuth name a thing that they do not show (RFC 7636, 4.2; RFC 9449, 4.2)."""

from __future__ import annotations

import base64
import hashlib

from afas_soap.profit.access.secret import Secret


def digest(text: Secret) -> str:
    """The SHA-256 of ``text``, in base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.reveal().encode()).digest()).rstrip(b"=").decode()
