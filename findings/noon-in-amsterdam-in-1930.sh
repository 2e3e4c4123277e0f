#!/usr/bin/env bash
# One text is two moments, and pandas does not read the offset that it writes.
#
# Versions: tzdata 2022.1 and 2026.6 (PyPI), pandas 3.1.1 with numpy 2.4.6.
# Behaviour: until 1937 Amsterdam was 19 minutes and 32 seconds ahead of Greenwich. PyPI's tzdata says so up to 2022.1;
# later ones give Amsterdam the hours of Brussels, as IANA's main files do, while Debian's package has the old ones to this
# day. So a date of birth with a zone, turned into UTC on two machines, differs by 20 minutes, and by a day where it stood
# at midnight. Python and pandas write the offset with its seconds ("+00:19:32"), for which ISO 8601 and XML Schema have
# no place; pandas then raises DateParseError on its own text, where Python reads it.
# What to do: keep local times of before 1940 without a zone; write offsets to the minute.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
cd "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
env/bin/pip install --quiet pandas==3.1.1 numpy==2.4.6
env/bin/pip install --quiet --no-deps --target older tzdata==2022.1
env/bin/pip install --quiet --no-deps --target newer tzdata==2026.6

cat >expected <<'END'
tzdata 2022.1: noon of 1 January 1930 in Amsterdam is 1930-01-01T12:00:00+00:19:32
tzdata 2026.6: noon of 1 January 1930 in Amsterdam is 1930-01-01T12:00:00+00:00
pandas writes 1930-01-01T12:00:00+00:19:32
pandas reads that: DateParseError
Python reads that: 1930-01-01T12:00:00+00:19:32
END

{
  for which in older newer; do
    # Not the machine's own zones, which come first otherwise.
    PYTHONTZPATH="" PYTHONPATH="$folder/$which" env/bin/python - <<'END'
import datetime
import zoneinfo

import tzdata

noon = datetime.datetime(1930, 1, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Amsterdam"))
version = tzdata.__version__
print(f"tzdata {version}: noon of 1 January 1930 in Amsterdam is {noon.isoformat()}")
END
  done
  env/bin/python - <<'END'
import datetime

import pandas

amsterdam = datetime.timezone(datetime.timedelta(minutes=19, seconds=32))
text = pandas.Timestamp(datetime.datetime(1930, 1, 1, 12, tzinfo=amsterdam)).isoformat()
print("pandas writes", text)
try:
    read = pandas.Timestamp(text).isoformat()
except ValueError as error:
    read = type(error).__name__
print("pandas reads that:", read)
print("Python reads that:", datetime.datetime.fromisoformat(text).isoformat())
END
} >seen

cat seen
diff expected seen >&2 || { echo "It changed: the lines with < are no longer seen." >&2; exit 1; }
