"""Redaction by type: a text that must not show, such as a client secret, a private key or a token."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self, final


class Hidden:
    """Its text does not show in ``repr``, ``str``, ``format`` or ``vars``. It does not change, a copy is itself, and it
    cannot be pickled. Two of one class are equal when their texts are. A subclass gives the text out, under a name that
    says so, and has ``__slots__``: a ``__dict__`` would show."""

    __slots__ = ("__text",)
    __text: str

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_Hidden__text", text)

    def _revealed(self) -> str:
        return self.__text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hidden) or type(other) is not type(self):
            return NotImplemented
        # In constant time: how long it takes to see a difference says nothing about where it is.
        return hmac.compare_digest(*(one.__text.encode("utf-8", "surrogatepass") for one in (self, other)))

    def __hash__(self) -> int:
        return hash((type(self), self.__text))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r} does not change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        raise self._not_stored()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise self._not_stored()

    def _not_stored(self) -> TypeError:
        return TypeError(f"{self!r} is not pickled: it would stand readable in the pickle; pass it on some other way")


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
