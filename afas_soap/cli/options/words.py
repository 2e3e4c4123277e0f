"""Words and numbers of other rooms that stand in help, here once more so that help loads none of those rooms: a test
holds each against its own."""

from __future__ import annotations

ACTIONS = ("insert", "update", "delete")
"""``profit.updates.update.Action``"""
FORMATS = ("jsonl", "json", "csv", "xml")
"""``export.formats.FORMATS``"""
REPORTS = ("table", "json", "junit")
"""``cli.read.reports.REPORTS``"""
SIZES = ("original", "thumbnail", "medium")
"""``profit.documents.content.Size``"""
SPELLINGS = ("json", "xml")
"""``cli.write.payload.SPELLINGS``"""
WINDOW = 10_000
"""``compare.WINDOW``"""
SETTLE = 900.0
"""``batch.batch.SETTLE``"""
REPEAT_WITHIN = 900.0
"""``limits.SB_REMEMBERS``"""
MAX_VALUE = 64 * 2**20
"""``profit.rows.MAX_VALUE``"""
DIALECTS = ("profit6", "profit7", "profit9")
"""``emulator.dialects.DIALECTS``"""
NEWEST = "profit9"
"""``emulator.dialects.NEWEST``"""
SB_DIALECTS = ("6.0", "8.0")
"""``emulator.sb.setup.DIALECTS``"""
SB_MEMORY = 900.0
"""``emulator.sb.setup.MEMORY``"""
TYPES = ("classic", "hybrid", "oauth")
"""``emulator.oauth.setup.TYPES``"""
NONCES = ("off", "400", "401")
"""``emulator.oauth.setup.NONCES``"""
VERBS = ("GET", "POST", "PUT", "DELETE")
"""``sb.operation.Verb``"""
