# Every command that a developer needs. Each one makes .venv first and installs exactly what requirements.txt locks.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
# Tests that run side by side; each process has a database of its own in one server.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
STAMP := $(VENV)/.requirements-$(shell cksum < requirements.txt | cut -d' ' -f1)

.PHONY: up manage reset test check bench bench-matching fit-matching shots lock
.DEFAULT_GOAL := up

up: $(STAMP) ## the whole portal at http://127.0.0.1:8000 (PORT overrides); Ctrl-C stops it
	@exec $(PY) -m prm.supervisor up

manage: $(STAMP) ## make manage ARGS="createsuperuser": any management command
	@$(PY) -m prm.supervisor manage $(ARGS)

reset: $(STAMP) ## removes the data in var/
	@$(PY) -m prm.supervisor reset

test: $(STAMP) ## everything; ARGS="tests/core -k clock" narrows it
	@scripts/install-browser
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: $(STAMP) ## linters, types, import order, templates, migrations, deployment settings
	@scripts/check

bench: $(STAMP) ## one JSON line per measurement; ARGS="start" picks some
	@$(PY) -m bench $(ARGS)

bench-matching: $(STAMP) ## finding companies beside its peers, into docs/matching.md; names from BENCH_DATA; ARGS="10000" one size
	@$(PY) -m bench.matching $(ARGS)

fit-matching: $(STAMP) ## fits the matcher's model again, on the names of BENCH_DATA and LISTED_SHARES
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fit.txt
	@$(PY) -m bench.fitting $(ARGS)

shots: $(STAMP) ## a picture of every page in var/shots
	@scripts/install-browser
	@$(PY) -m pytest tests/shots.py $(ARGS)

lock: $(STAMP) ## requirements.txt anew from pyproject.toml
	@$(PY) -m pip install --quiet uv
	@$(VENV)/bin/uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o requirements.txt
	@$(VENV)/bin/uv pip compile --group fit --python-version 3.11 --universal --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o requirements-fit.txt

$(STAMP): requirements.txt
	@test -n "$(PYTHON)" || { echo "Concord needs Python 3.11 or newer, and no python3 was found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Concord needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(PY) || { echo "Making $(VENV)" >&2; $(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }; }
	@echo "Installing what requirements.txt locks (once, and after it changes)" >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt >&2 \
		|| { echo "The packages could not be installed; pip's lines above say why." >&2; exit 1; }
	@rm -f $(VENV)/.requirements-*
	@touch $@
