#!/usr/bin/env bash
# Whole amounts in the first rows make later cents disappear, without a word.
#
# Versions: duckdb 2.0.1, polars 2.1.0.
# Behaviour: both take the type of a column from its first rows. DuckDB reads 20,480 of them: where all of those hold 100,
# the column is BIGINT, and 100.75 behind them becomes 101. polars makes a DataFrame of dicts with Python's Decimal by the
# scale of the first 100: where those have no decimals, later ones are rounded; its read_json cuts them off. A total is
# wrong with the right number of rows. Where a number has its point (100.0), DuckDB keeps the cents.
# What to do: write decimals with a point, or name the type: columns={...} in DuckDB, schema={...} in polars.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
cd "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
env/bin/pip install --quiet duckdb==2.0.1 polars==2.1.0

cat >expected <<'END'
DuckDB, JSON Lines with 100 and then 100.75: BIGINT, total 3000101
DuckDB, JSON Lines with 100.0 and then 100.75: DOUBLE, total 3000100.75
DuckDB, CSV with 100 and then 100.75: BIGINT, total 3000101
polars, read_json with 100 and then 100.75: Int64, total 3000100
polars, DataFrame of dicts with Decimal 12.5 and then 12.25: Decimal(precision=38, scale=1), total 1262.2
Python, the same Decimals: total 1262.25
END

env/bin/python - >seen <<'END'
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import polars

ROWS = 30_000
Path("whole.jsonl").write_text('{"amount":100}\n' * ROWS + '{"amount":100.75}\n')
Path("point.jsonl").write_text('{"amount":100.0}\n' * ROWS + '{"amount":100.75}\n')
Path("whole.csv").write_text("amount\n" + "100\n" * ROWS + "100.75\n")
Path("whole.json").write_text(json.dumps([{"amount": 100}] * ROWS + [{"amount": 100.75}]))


def total(source):
    ((kind, found),) = duckdb.sql(f"SELECT typeof(any_value(amount)), sum(amount) FROM {source}").fetchall()
    return f"{kind}, total {found}"


print("DuckDB, JSON Lines with 100 and then 100.75:", total("read_json('whole.jsonl')"))
print("DuckDB, JSON Lines with 100.0 and then 100.75:", total("read_json('point.jsonl')"))
print("DuckDB, CSV with 100 and then 100.75:", total("read_csv('whole.csv')"))

read = polars.read_json("whole.json")
print(f"polars, read_json with 100 and then 100.75: {read.schema['amount']}, total {read['amount'].sum()}")

amounts = [Decimal("12.5")] * 100 + [Decimal("12.25")]
made = polars.DataFrame([{"amount": amount} for amount in amounts])
print(
    f"polars, DataFrame of dicts with Decimal 12.5 and then 12.25: {made.schema['amount']}, "
    f"total {made['amount'].sum()}"
)
print(f"Python, the same Decimals: total {sum(amounts)}")
END

cat seen
diff expected seen >&2 || { echo "It changed: the lines with < are no longer seen." >&2; exit 1; }
