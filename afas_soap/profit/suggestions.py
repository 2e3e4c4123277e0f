"""Did you mean ...: what people type, and what they mean by it, of commands, options, arguments, variables.

Who types ``list`` or ``--limit`` knows them from another tool, and the name here that looks most like it (``insert``,
``--delimiter``) leads astray. So words that are known from elsewhere have their meaning here, and only what is in no
table is held against the letters of the names that there are.

Nothing suggests a command that writes or removes, nor an option that takes a guard away: somebody in a hurry takes a
suggestion without reading on.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

# How alike two words must be: a wrong letter, or two that changed places, and no more of a short word.
_ALIKE, _SHORT, _ALIKE_SHORT = 0.75, 3, 0.66
# A word that only leads to a name must be sure: "fields" is not "file".
_SURE = 0.85

# What is meant, the first that there is -> what people type for it.
_COMMANDS = {
    "list connectors": "list ls index catalog catalogue overview",
    "get": "read fetch select query rows records download export pull cat view find search",
    "show describe": "show",
    "describe": "columns fields metainfo metadata info desc explain",
    "check": "validate verify lint",
    "compare": "diff cmp",
    "convert": "transform translate format",
    "doctor": "test ping diagnose health status try",
    "emulator": "serve server start mock fake simulator",
    "payload": "json xml",
    "profile": "profiles",
    "schema": "xsd schemas",
    "settings": "config configuration env environment",
    "status auth/status": "whoami",
    "auth/login": "login signin sign-in",
    "auth": "oauth token tokens",
}
# What would write or remove something, whatever it is called.
_WRITES = {
    "insert": "create new post send import upload push save book",
    "update": "put patch set edit modify change upsert",
    "delete": "del drop erase destroy",
    "remove": "rm unset",
    "add": "",
    "logout": "signout sign-out",
    "migrate": "",
}
# "=" stands before a value that belongs to what is meant.
_NAMES = {
    "take": "limit top max maximum max-rows rows row-limit count first head n number num results size",
    "skip": "offset start from begin",
    "where filters": "filter filters query search q condition conditions",
    "order-by key": "sort sort-by sorting order orderby order-by sort-order sortby",
    "everything all": "all all-rows all-records full unlimited no-limit everything",
    "page-size": "batch-size batch per-page chunk chunk-size page pages page-limit",
    "key": "keys id",
    "output": "out file to save outfile output-file dest destination target o",
    "format": "output-format out-format f",
    "format=csv": "csv",
    "format=json": "json",
    "format=jsonl": "jsonl ndjson jsonlines lines",
    "format=xml": "xml",
    "format=table": "table pretty",
    "format=junit": "junit",
    "delimiter": "sep separator field-separator",
    "raw typed": "untyped strings as-text no-types",
    "dates": "date parse-dates",
    "aware": "timezone time-zone tz zone utc",
    "profile": "config account",
    "emulator embedded": "demo test mock fake sandbox embedded",
    "environment": "env participant deelnemer member omgeving",
    "protocol": "api-type transport",
    "protocol=rest": "rest",
    "protocol=soap": "soap",
    "token-file": "api-key apikey api-token key-file auth-token bearer user username login password pass",
    "client-secret-file": "secret",
    "soap-url": "url address endpoint base-url server wsdl host uri",
    "ca-bundle": "ca cacert ca-cert ca-file verify no-verify insecure k tls-verify ssl-verify cert-verify",
    "client-cert-file": "cert certificate client-cert",
    "language": "lang locale accept-language",
    "read-timeout": "timeout time-out max-time",
    "retry-total": "retry retries max-retries",
    "verbose": "debug log log-level loglevel d",
    "trace": "trace-file dump har",
    "dry-run": "dry simulate preview what-if whatif noop no-op test-run pretend n",
    "refresh": "no-cache reload fresh",
    "rows": "records lines",
    "help": "usage man h",
    # What is chosen where the GetConnector is made, and by nobody who asks it.
    "columns": "fields field column select only include exclude cols",
}
# They take a guard away, or have something written once more.
_UNGUARDED = (
    *("yes", "no-check", "allow-http", "token-in-body", "retry-refused", "retry-locked"),
    *("no-wait", "replace", "parallel"),
)

# Signs and words of other languages -> AFAS' own sign.
SIGNS: Mapping[str, str] = {
    typed: sign
    for sign, words in {
        "=": "== === eq equals",
        "!=": "<> =! ne not",
        ">=": "=> ge gte",
        "<=": "=< le lte",
        ">": "gt",
        "<": "lt",
        "*": "like ilike contains ~ =~ %",
        "!*": "!~",
        "@": "startswith starts ^ ^=",
        "&": "endswith ends $ $=",
        "[]": "null empty isnull",
        "![]": "notnull notempty",
        "Sf": "sf search quick",
    }.items()
    for typed in words.split()
}
"""What people write between a column and a value, in lower case, and the sign that AFAS has for it."""


def _typed(table: Mapping[str, str]) -> dict[str, list[str]]:
    """Each typed word with what it may mean, the best first."""
    found: dict[str, list[str]] = {}
    for meanings, words in table.items():
        for word in words.split():
            found.setdefault(word, []).extend(meanings.split())
    return found


class Meanings:
    """One part of the table: ``typed`` words with what they may mean, and names that are ``never`` suggested."""

    def __init__(self, table: Mapping[str, str], never: Collection[str]) -> None:
        self._typed = _typed(table)
        self._never = frozenset(never)
        self._ours = {part for meanings in self._typed.values() for part in meanings}

    def meant(self, word: str, known: Iterable[str]) -> str | None:
        """What ``word`` means, among the names that are ``known`` here; None when that is not clear, or is never
        suggested.

        ``word`` in any case, with ``-`` or ``_`` between its parts. Behind a known name a value may stand
        (``format=csv``), or a name below it (``auth/login``).
        """
        by_plain = {plain(name): name for name in known}
        typed = plain(word)
        if typed in self._never:
            return None
        if typed in by_plain:
            return by_plain[typed]
        if typed in self._typed:
            return self._first(self._typed[typed], by_plain)
        # A name that is meant well elsewhere means nothing else here, whatever its letters look like.
        return None if typed in self._ours else self._likest(typed, by_plain)

    def _likest(self, typed: str, known: Mapping[str, str]) -> str | None:
        nearest = _nearest(typed, {*known, *self._never, *self._typed})
        if nearest in known and nearest not in self._never:
            return known[nearest]
        meanings = self._typed.get(nearest, ())
        sure = difflib.SequenceMatcher(None, nearest, typed).ratio() >= _SURE
        return self._first(meanings, known) if sure else None

    def forbidden(self, word: str) -> bool:
        """Whether ``word`` is, or looks like, what is never suggested."""
        return _nearest(plain(word), {*self._never, *self._typed}) in self._never

    def _first(self, meanings: Iterable[str], known: Mapping[str, str]) -> str | None:
        for meaning in meanings:
            name = meaning.partition("=")[0].partition("/")[0]
            if name in known:
                return known[name] + meaning.removeprefix(name)
        return None


def _nearest(word: str, words: Collection[str]) -> str:
    """The word that is most like it, "" when none is like enough."""
    cutoff = _ALIKE_SHORT if len(word) <= _SHORT else _ALIKE
    return next(iter(difflib.get_close_matches(word, sorted(words), n=1, cutoff=cutoff)), "")


def nearest(word: str, words: Collection[str]) -> str:
    """The word that is most like ``word``, whatever their case; "" when none is like enough."""
    by_plain = {plain(name): name for name in words}
    return by_plain.get(_nearest(plain(word), by_plain), "")


def plain(name: str) -> str:
    """A name as it stands in the table: ``--order-by``, ``order_by`` and ``Order-By`` are the same."""
    return name.lstrip("-").replace("_", "-").casefold()


COMMANDS = Meanings(_COMMANDS, [*_WRITES, *" ".join(_WRITES.values()).split()])
"""Commands, and commands below them."""
NAMES = Meanings(_NAMES, _UNGUARDED)
"""Options, arguments and settings, without ``--`` or ``AFAS_``."""
