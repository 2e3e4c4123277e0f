# Every target makes .venv by itself, on a machine that has only Python 3.11 or newer.
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test check audit bench docs format clean

demo: $(STAMP)
	$(BIN)/afas demo

# Compiled first: the tests start hundreds of processes, and PYTHONDONTWRITEBYTECODE would have each compile it anew.
# Coverage is reported once for all, and once for the ground floor; neither is printed where tests fail.
test: $(STAMP)
	$(BIN)/python -m compileall -q afas_soap
	$(BIN)/python -m pytest -n auto --dist worksteal --durations=10 --cov --cov-report= $(ARGS)
	$(BIN)/python -m coverage report --fail-under=95
	$(BIN)/python -m coverage report --include='afas_soap/profit/*,afas_soap/sb/*' --fail-under=100

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Whether known holes are in what is used: code 1 for some, 2 when nobody could be asked.
audit: $(STAMP)
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[audit]'
	@$(BIN)/python .ci/audit.py

bench: $(STAMP)
	$(BIN)/python -m bench

docs: $(STAMP)
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The first Python on the path that runs and is new enough: a shim of a version that is not active does not run.
$(STAMP): setup.cfg pyproject.toml
	@for python in python3 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv .venv && exit 0; \
	  fi; \
	done; echo "afas-soap needs Python 3.11 or newer, with venv, on the path" >&2; exit 1
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[check,docs,test]'
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info docs/_build
