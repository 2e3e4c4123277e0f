"""Text that came from elsewhere, on a person's screen: what could move, colour or hide is shown as an escape."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with every sign that cannot be seen as its escape, such as ``\x1b``; a line's end and a tab as well.

    A value out of Profit may hold what a terminal obeys: colours, a cleared screen, text that runs backwards.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
