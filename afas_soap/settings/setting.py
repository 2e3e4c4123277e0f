"""One setting, as a row of the table says it: how it is read, where it may stand, and what it is called there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

T = TypeVar("T")
Reader = Callable[[str, object], T]

Kind = Literal["text", "word", "path", "seconds", "bytes", "switch"]
"""What is given: a text, one of a few words, the path of a file, a number of seconds or bytes, true or false."""

Counts = Literal["own", "configured", "free", "choice"]
"""What giving it says: that a Profit of one's own is meant; that something is configured; nothing, for it suits the
embedded Profit as well; ``choice`` is the setting that chooses that one."""

Group = Literal["call", "signing", "profile", "sb"]
"""Which commands take its option: each that asks, each that signs in, only those that write a profile, or each that may
ask SB."""

Api = Literal["", "profit", "sb"]
"""Which of AFAS' programs knows a setting; "" for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A command's option for a setting: its ``help``, the ``metavar`` in it, and the ``words`` it may be.

    ``name`` is said in place of the setting's own. ``file`` says what a path is for: read, read or standard input
    (``-``), or written. In the help it stands ``before`` another setting's, where that is not the table's order.
    """

    help: str
    metavar: str = ""
    words: tuple[str, ...] = ()
    group: Group = "call"
    name: str = ""
    file: Literal["read", "input", "written"] = "read"
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row: everything that is known of a setting.

    ``reader`` makes its value of what was given, and raises ``SettingsError``. ``variable`` is "" where it has none,
    ``unset`` what the reference shows as default where that is not the value. What is ``masked`` is a secret: that is
    shown in place of it, it stands in no profile and in no option, and ``kept_in`` is the setting that names its file.
    ``auths`` are the ways of signing in that take it (none: it has nothing to do with that), ``proof`` says as what a
    client proves itself with it, and ``beside`` of which proof it is said. ``link`` says whether a link takes it: to a
    Profit ``outside``, or ``always``. ``api`` is the one of AFAS' programs that alone knows it.
    """

    reader: Reader[object]
    text: str
    name: str = ""
    default: object = None
    unset: str | None = None
    variable: str = ""
    kind: Kind = "text"
    counts: Counts = "configured"
    option: Option | None = None
    masked: str = ""
    kept_in: str = ""
    in_profile: bool = True
    shown: bool = True
    auths: tuple[str, ...] = ()
    proof: Literal["", "secret", "key"] = ""
    beside: Literal["", "secret", "key"] = ""
    link: Literal["", "outside", "always"] = ""
    api: Api = ""
    at_sb: Option | None = None

    @property
    def secret(self) -> bool:
        """Whether it must not show."""
        return bool(self.masked)

    @property
    def default_text(self) -> str:
        """The default as one would write it, "" for none."""
        if self.unset is not None:
            return self.unset
        return "" if self.default is None else spelt(self.default)


def row(default: T, setting: Setting) -> T:
    """The field of a dataclass for a setting, with its default: ``name: type = row(default, Setting(...))``."""
    value: T = dataclasses.field(default=default, metadata={"setting": setting})
    return value


def rows_of(table: type) -> tuple[Setting, ...]:
    """The rows that stand in a dataclass, in their order; a field that is no setting is left out."""
    return tuple(
        dataclasses.replace(field.metadata["setting"], name=field.name, default=field.default)
        for field in dataclasses.fields(table)
        if "setting" in field.metadata
    )


def spelt(value: object) -> str:
    """A value as one would write it in a profile."""
    return str(value).lower() if isinstance(value, bool) else str(value)
