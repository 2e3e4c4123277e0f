#!/usr/bin/env bash
# zeep writes values that XML Schema does not have, and cannot read one that it has.
#
# Versions: zeep 4.3.3 (isodate 0.7.2), judged by libxml2 through lxml 6.1.3.
# Behaviour: a Python date for an xs:dateTime is written without a time; infinity and NaN for an xs:double as "inf" and
# "nan" (it is INF and NaN) although xs:float gets the first of them right; a float for an xs:decimal with an exponent. No
# error is raised: the service refuses the call, or reads something else. The other way, midnight at the end of a day,
# 24:00:00, which XML Schema allows, is a ValueError, and with it the whole answer is.
# What to do: give datetime for xs:dateTime and Decimal for xs:decimal; read date-times as text where 24:00:00 may come.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
cd "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
env/bin/pip install --quiet zeep==4.3.3 lxml==6.1.3 isodate==0.7.2

cat >expected <<'END'
xs:dateTime from datetime(2024, 2, 1): 2024-02-01T00:00:00 (valid)
xs:dateTime from date(2024, 2, 1): 2024-02-01 (not valid)
xs:float from inf: INF (valid)
xs:double from inf: inf (not valid)
xs:double from nan: nan (not valid)
xs:decimal from Decimal("1E-7"): 0.0000001 (valid)
xs:decimal from 1e-07: 1e-07 (not valid)
2024-02-01T24:00:00 as xs:dateTime: valid, and to zeep ValueError
END

env/bin/python - >seen <<'END'
import datetime
from decimal import Decimal

from lxml import etree
from zeep import xsd

NAMES = {xsd.DateTime: "dateTime", xsd.Float: "float", xsd.Double: "double", xsd.Decimal: "decimal"}


def valid(kind, element):
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f'<xs:element name="value" type="xs:{NAMES[kind]}"/></xs:schema>'
    )
    return "valid" if etree.XMLSchema(etree.fromstring(schema)).validate(element) else "not valid"


def write(kind, value, shown):
    parent = etree.Element("parent")
    xsd.Element("value", kind()).render(parent, value)
    print(f"xs:{NAMES[kind]} from {shown}: {parent[0].text} ({valid(kind, parent[0])})")


write(xsd.DateTime, datetime.datetime(2024, 2, 1), "datetime(2024, 2, 1)")
write(xsd.DateTime, datetime.date(2024, 2, 1), "date(2024, 2, 1)")
write(xsd.Float, float("inf"), "inf")
write(xsd.Double, float("inf"), "inf")
write(xsd.Double, float("nan"), "nan")
write(xsd.Decimal, Decimal("1E-7"), 'Decimal("1E-7")')
write(xsd.Decimal, 1e-7, "1e-07")

midnight = etree.fromstring("<value>2024-02-01T24:00:00</value>")
try:
    read = xsd.DateTime().pythonvalue(midnight.text)
except ValueError:
    read = "ValueError"
print(f"{midnight.text} as xs:dateTime: {valid(xsd.DateTime, midnight)}, and to zeep {read}")
END

cat seen
diff expected seen >&2 || { echo "It changed: the lines with < are no longer seen." >&2; exit 1; }
