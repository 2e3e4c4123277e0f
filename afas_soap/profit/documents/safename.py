"""File name sanitising: the name that a document has in Profit, as one that every file system takes and nobody is
deceived by.

A name out of a dossier is what somebody typed. It may lead out of a folder, hide (a dot in front), run backwards on a
screen, be a device (``NUL.txt``), or be longer than a directory takes. Two names may become one here: who writes files
looks for those that are there already.
"""

from __future__ import annotations

import re
import unicodedata

UNNAMED = "unnamed"
"""What a document is called that has no name, or none of which anything is left."""

LONGEST = 255
"""Bytes in UTF-8 that a name has at most: the limit of ext4 and of APFS; NTFS counts UTF-16, which is never more."""

_INSTEAD = "_"
# Separators, and what Windows takes in no name.
_FORBIDDEN = frozenset('/\\<>:"|?*')
# Controls, what formats (the marks that turn the direction of writing among it), halves of pairs, ends of lines.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# They join signs in Persian, in the scripts of India and in emoji, and do nothing else.
_JOINERS = frozenset("\u200c\u200d")
# Windows takes these for devices, in any case and with any extension; blanks between do not help.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\xb9\xb2\xb3]) *(?:\.|\Z)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?=[^ ]*[^\W\d_])[^\W_][^ ]*")
# What is longer than this behind the last dot is no extension.
_LONGEST_EXTENSION = 32


def safe_name(text: str, limit: int = LONGEST) -> str:
    """``text`` as the name of a file or folder, of ``limit`` bytes in UTF-8 at most (64 or more), its extension kept.

    It is never empty, hidden, a device of Windows or a way to another folder. What is safe already stays as it is.
    """
    name = _trimmed("".join(map(_safe, unicodedata.normalize("NFC", text)))) or UNNAMED
    return _shortened(_no_device(name), limit)


def numbered_name(name: str, number: int, limit: int = LONGEST) -> str:
    """A safe ``name`` for the file that comes as ``number`` with it: ``x.pdf``, ``x (2).pdf``, ``x (3).pdf``."""
    stem, extension = parted(name)
    return name if number == 1 else _fitted(stem, f" ({number}){extension}", limit)


def with_extension(name: str, extension: str, limit: int = LONGEST) -> str:
    """A safe ``name`` with a further ``extension``: ``("2026.12", ".pdf")`` is ``2026.12.pdf``."""
    return _fitted(name, extension, limit)


def parted(name: str) -> tuple[str, str]:
    """The stem and the extension of a name, which is "" or has its dot: ``("invoice", ".pdf")``. What has no letter or
    has a blank in it, as in ``2026.12`` and ``Letter of J. Jansen``, is none."""
    at = name.rfind(".")
    extension = name[at:]
    if at <= 0 or not _EXTENSION.fullmatch(extension) or len(extension.encode()) > _LONGEST_EXTENSION:
        return name, ""
    return name[:at], extension


def _safe(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    return _INSTEAD if sign in _FORBIDDEN or (category in _UNSEEN and sign not in _JOINERS) else sign


def _trimmed(name: str) -> str:
    # Windows drops dots and blanks at the end without a word; a dot in front hides.
    return name.lstrip(". ").rstrip(". ")


def _no_device(name: str) -> str:
    return f"{_INSTEAD}{name}" if _DEVICE.match(name) else name


def _shortened(name: str, limit: int) -> str:
    if len(name.encode()) <= limit:
        return name
    stem, extension = parted(name)
    return _fitted(stem, extension, limit)


def _fitted(stem: str, ending: str, limit: int) -> str:
    """``stem`` with ``ending``, the stem cut between two characters to what there is room for."""
    room = max(limit - len(ending.encode()), 0)
    short = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    # Blanks may have hidden a device until the cut.
    return _no_device(f"{short}{ending}")
