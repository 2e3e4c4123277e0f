"""A text that must not show: a client secret, a private key, an access token."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self, final


@final
class Secret:
    """``reveal()`` gives the text. It does not show in ``repr``, ``str``, ``format`` or ``vars``, does not change, and
    cannot be pickled. ``what`` is the word for it in what does show."""

    __slots__ = ("__text", "_what")
    __text: str
    _what: str

    def __init__(self, text: str, what: str = "secret") -> None:
        object.__setattr__(self, "_Secret__text", text)
        object.__setattr__(self, "_what", what)

    def reveal(self) -> str:
        """The text itself, for the wire and for a file that is its owner's only."""
        return self.__text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # In constant time: how long it takes to see a difference says nothing about where it is.
        return hmac.compare_digest(self.__text.encode(), other.__text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __repr__(self) -> str:
        return f"Secret({self._what}, hidden)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        raise _not_stored()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise _not_stored()


def _not_stored() -> TypeError:
    return TypeError("a Secret is not pickled: it would stand readable in the pickle; pass it on some other way")
