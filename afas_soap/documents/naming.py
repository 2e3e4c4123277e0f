"""File naming: what a document is called on the disk, by its name in Profit and its media type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afas_soap.profit.documents.safename import LONGEST, numbered_name, parted, safe_name, with_extension

_MOST = 10_000
# Where the standard library has none, more than one, or knows the type only from some release on.
_EXTENSIONS: Mapping[str, str] = {
    "application/octet-stream": "",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xml": ".xml",
    "image/bmp": ".bmp",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "text/plain": ".txt",
}


def file_name(name: str, media_type: str, limit: int = LONGEST) -> str:
    """The name of a document as that of a file: safe, and with the extension of its media type where it has none.

    ``("a/b", "application/pdf")`` is ``a_b.pdf``. A name that has an extension keeps it, whatever the type.
    """
    safe = safe_name(name, limit)
    return safe if parted(safe)[1] else with_extension(safe, extension_of(media_type), limit)


def extension_of(media_type: str) -> str:
    """The extension of a media type with its dot, "" where none is known."""
    media = media_type.partition(";")[0].strip().lower()
    if media in _EXTENSIONS:
        return _EXTENSIONS[media]
    # Loaded where a file needs it. An object of its own: what the machine has beside the table is not asked.
    import mimetypes

    return mimetypes.MimeTypes().guess_extension(media) or ""


def free_names(name: str) -> Iterator[str]:
    """``x.pdf``, ``x (2).pdf`` and so on: the names for a file that is to replace none."""
    return (numbered_name(name, number) for number in range(1, _MOST))
