"""Service limits: every number that AFAS set, once, with its source.

What we chose ourselves (patience, margins, the sizes of buffers) stands where it is used, and is often reckoned from
one of these.
"""

from __future__ import annotations

import datetime

CALL_BYTES = 75 * 2**20
"""The largest call, in bytes; a larger one gets 413 (profit-wire 2.6)."""

CALL_SECONDS = 900.0
"""How long Profit works on a call before it says that it gave up; the work may go on behind that (profit-wire 2.6)."""

CALLS_AT_ONCE = 5
"""Calls at once to one environment (profit-wire 2.6; another of AFAS' pages says eight)."""

CELLS = 150_000
"""AFAS' guide: columns times rows of one call stay under this (profit-wire 2.6)."""

QUERY_STRING = 2_049
"""Characters from ``?`` on; above it Profit answers 404 (profit-wire 3.2)."""

WINDOW = 2**31 - 1
"""The largest skip or take: over SOAP both are ``xs:int`` (profit-wire 1.2), and a larger one wraps or is refused."""

REST_TAKE = 100
"""What REST takes when nothing is said, where SOAP gives no rows at all (profit-wire 2.3 and 3.2)."""

OPTIONS_TAKE = 1_000
"""The largest ``Take`` inside the options of SOAP; the ``take`` parameter has no such limit (profit-wire 2.3)."""

CALL_RECORDS = 1_000
"""AFAS' advice: at most some so many records, or lines of one, in one call (profit-wire 4.5)."""

TOKEN_DIGITS = 64
"""Hexadecimal digits of a classic token (profit-wire 6.1)."""

KEY_DIGITS = 32
"""Hexadecimal digits of an app connector's API key and of its environment key (profit-wire 6.4)."""

CLASSIC_END = datetime.date(2027, 5, 1)
"""The day on which classic tokens end that exist now (profit-wire 6.1)."""

CLASSIC_LAST_DAY = datetime.date(2027, 8, 31)
"""The last day on which anybody signs in with a classic token (profit-wire 6.1)."""

CLOCK_SKEW = 60.0
"""Seconds by which our clock and the server's may differ (authentication.md, client authentication); that it is the
same for a DPoP proof is inferred."""

ASSERTION_ADVISED = 60
"""Seconds that a client assertion should be good for (authentication.md, client authentication)."""

ASSERTION_MOST = 300
"""Seconds that the ``exp`` of a client assertion may lie ahead (authentication.md, client authentication)."""

CHAIN_SECONDS = 30 * 86400.0
"""Seconds that refresh tokens go on from the first one; then the person signs in again (authentication.md)."""

SECRET_DAYS = 180
"""Days that a client secret lives, unless the app connector says otherwise (authentication.md)."""

RSA_BITS = 2_048
"""The shortest RSA key that AFAS takes (authentication.md, client authentication)."""

IMPORT_BYTES = 200 * 2**20
"""The largest archive of a remote import, in bytes (special-connectors 5.1); for other calls it is ``CALL_BYTES``."""

IMPORT_SECONDS = 86_400.0
"""How long after its ``Execute`` the log of a remote import can be had (special-connectors 5)."""

SB_REMEMBERS = 900.0
"""For how many seconds AFAS SB is believed to know a ``Tracking-Identifier``. Unknown: it knows them, and does not say
for how long (small-business.md 3.2). Ours until it does."""

SB_BLOB_BYTES = 5_242_880
"""What AFAS SB takes of a file in one piece, by AFAS' sample; the server says it again for each (small-business.md
3.4)."""
