#!/usr/bin/env bash
# "multipleOf": 0.01, AFAS SB's way to say two decimals, refuses good amounts or cannot be asked at all.
#
# Versions: jsonschema 4.26.0, fastjsonschema 2.21.2, jsonschema-rs 0.61.2.
# Behaviour: of the amounts 0.00 to 9.99, given as floats, jsonschema refuses 159 of 1,000 (0.07 is one); given as Decimal,
# it ends with a TypeError and fastjsonschema with decimal.InvalidOperation. jsonschema-rs is right both ways. But it
# looks at no format unless it is told to (validate_formats), and then passes over one that it does not know.
# What to do: read JSON with parse_float=Decimal and judge with jsonschema-rs; check the formats of such a file by itself.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
cd "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
env/bin/pip install --quiet jsonschema==4.26.0 fastjsonschema==2.21.2 jsonschema-rs==0.61.2

cat >expected <<'END'
jsonschema, float: 159 of 1000 refused
jsonschema, Decimal: TypeError
fastjsonschema, float: 0 of 1000 refused
fastjsonschema, Decimal: InvalidOperation
jsonschema-rs, float: 0 of 1000 refused
jsonschema-rs, Decimal: 0 of 1000 refused
jsonschema-rs, 100.255: refused
jsonschema-rs, "no uuid" as uuid: taken, and with validate_formats refused
jsonschema-rs, "soon" as DateTime?, with validate_formats: taken
END

env/bin/python - >seen <<'END'
from decimal import Decimal

import fastjsonschema
import jsonschema
import jsonschema_rs

CENTS = {"type": "number", "multipleOf": 0.01}
AMOUNTS = [f"{cents // 100}.{cents % 100:02}" for cents in range(1000)]
compiled = fastjsonschema.compile(CENTS)


def fast(value):
    try:
        compiled(value)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


def judged(judge, kind):
    try:
        return f"{sum(not judge(kind(amount)) for amount in AMOUNTS)} of {len(AMOUNTS)} refused"
    except (TypeError, ArithmeticError) as error:
        return type(error).__name__


def told(schema, value, **options):
    return "taken" if jsonschema_rs.validator_for(schema, **options).is_valid(value) else "refused"


judges = {
    "jsonschema": jsonschema.Draft201909Validator(CENTS).is_valid,
    "fastjsonschema": fast,
    "jsonschema-rs": jsonschema_rs.validator_for(CENTS).is_valid,
}
for name, judge in judges.items():
    for kind in (float, Decimal):
        print(f"{name}, {kind.__name__}: {judged(judge, kind)}")
print("jsonschema-rs, 100.255:", told(CENTS, Decimal("100.255")))
uuid = {"type": "string", "format": "uuid"}
print(
    f'jsonschema-rs, "no uuid" as uuid: {told(uuid, "no uuid")}, and with validate_formats',
    told(uuid, "no uuid", validate_formats=True),
)
print('jsonschema-rs, "soon" as DateTime?, with validate_formats:', told({"format": "DateTime?"}, "soon", validate_formats=True))
END

cat seen
diff expected seen >&2 || { echo "It changed: the lines with < are no longer seen." >&2; exit 1; }
