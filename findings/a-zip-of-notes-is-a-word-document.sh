#!/usr/bin/env bash
# A ZIP of notes is a Word document, and a note that begins with BM or MZ a picture or a program, by the first bytes.
#
# Versions: puremagic 1.30, filetype 1.2.0.
# Behaviour: AFAS' GetAttachment gives the bytes of a file without name or type, so a name is made by what they seem to be.
# puremagic gives the first of several types that are equally likely (0.4 each), which for every ZIP is .docx; an invoice in
# XML is .xml, and the same with a byte order mark, as .NET writes it, is of no type and raises nothing. Both libraries take
# two letters for a type: "BM Jansen heeft gebeld" is .bmp, "MZ 12: zie bijlage" is .exe. filetype is right about the ZIP.
# What to do: take the name that the list of attachments has; of the bytes believe only signatures of four bytes and more,
# look into a ZIP for the parts of a document, and leave a file without an extension rather than give it a wrong one.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
cd "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
env/bin/pip install --quiet puremagic==1.30 filetype==1.2.0

cat >expected <<'END'
ZIP of notes.txt: puremagic '.docx', filetype 'zip'
invoice in XML: puremagic '.xml', filetype None
invoice in XML with a byte order mark: puremagic '', filetype None
note, BM Jansen heeft gebeld: puremagic '.bmp', filetype 'bmp'
note, MZ 12: zie bijlage: puremagic '.exe', filetype 'exe'
PDF: puremagic '.pdf', filetype 'pdf'
END

env/bin/python - >seen <<'END'
import io
import zipfile

import filetype
import puremagic

packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("notes.txt", "Gebeld met de inkoper: akkoord.")
invoice = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>'
)
FILES = {
    "ZIP of notes.txt": packed.getvalue(),
    "invoice in XML": invoice,
    "invoice in XML with a byte order mark": b"\xef\xbb\xbf" + invoice,
    "note, BM Jansen heeft gebeld": b"BM Jansen heeft gebeld.\r\n",
    "note, MZ 12: zie bijlage": b"MZ 12: zie bijlage\r\n",
    "PDF": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
}
for name, content in FILES.items():
    guess = filetype.guess(content)
    print(f"{name}: puremagic {puremagic.from_string(content)!r}, filetype {guess.extension if guess else None!r}")
END

cat seen
diff expected seen >&2 || { echo "It changed: the lines with < are no longer seen." >&2; exit 1; }
