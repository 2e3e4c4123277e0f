"""What a .NET ``DataSet`` or ``DataTable`` puts round the rows that it writes, beside or in place of AFAS' root.

- ``WriteXml``: ``NewDataSet``, ``DocumentElement`` or the name that its schema declares, with the rows in it.
- A diffgram (``XmlWriteMode.DiffGram``): ``diffgr:diffgram``, in it the ``DataSet`` with the rows as they are, and
  behind that how they were before (``diffgr:before``) and what is wrong with them (``diffgr:errors``), which are passed
  over.
- ``XmlSerializer`` and web services: ``DataSet`` or ``DataTable`` with the schema and a diffgram in it.

Seen with mono's System.Data, which is Microsoft's source.
"""

from __future__ import annotations

from afas_soap.profit.xmlsafe import SEPARATOR

ROOTS = frozenset(("NewDataSet", "DocumentElement", "DataSet", "DataTable", "diffgram"))
"""Local names of the root that are known without a schema."""

_DIFFGR = f"urn:schemas-microsoft-com:xml-diffgram-v1{SEPARATOR}"
_DIFFGRAM = f"{_DIFFGR}diffgram"
_ASIDE = (f"{_DIFFGR}before", f"{_DIFFGR}errors")


class Wrapping:
    """Told of every element that begins or ends directly inside the root, or inside what this said yes to.

    Elements are named as expat does it. Those that it says yes to count for nothing: what is in them stands where they
    stand, and what stands ``aside`` is not to be read.
    """

    def __init__(self) -> None:
        self.aside = False
        self._open = 0
        self._in_diffgram = False

    def root(self, tag: str) -> None:
        """The document's root."""
        self._in_diffgram = tag == _DIFFGRAM

    def begins(self, tag: str) -> bool:
        """Whether an element that begins counts for nothing."""
        if not self._in_diffgram and tag != _DIFFGRAM:
            return False
        self.aside = tag in _ASIDE
        # In the root or its like stands the diffgram, and in that the DataSet.
        self._in_diffgram = not self._in_diffgram
        self._open += 1
        return True

    def ends(self) -> bool:
        """Whether the element that ends is one of those; false for the root."""
        if not self._open:
            return False
        self.aside = False
        self._in_diffgram = not self._in_diffgram
        self._open -= 1
        return True
