"""A text that must not show: a client secret, a private key, an access token."""

from __future__ import annotations

from typing import final

from afas_soap.profit.access.hidden import Hidden


@final
class Secret(Hidden):
    """``reveal()`` gives the text; nothing else does. ``what`` is the word for it in what does show."""

    __slots__ = ("_what",)
    _what: str

    def __init__(self, text: str, what: str = "secret") -> None:
        super().__init__(text)
        object.__setattr__(self, "_what", what)

    def reveal(self) -> str:
        """The text itself, for the wire and for a file that is its owner's only."""
        return self._revealed()

    def __repr__(self) -> str:
        return f"Secret({self._what}, hidden)"
