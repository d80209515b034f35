# Two commands to know: `make run` and `make test`. The rest is in `make help`.

PYTHON ?= python3
BIN := .venv/bin
MAKEFLAGS += --no-print-directory
# Four test processes and every program that they start read the same modules: compile them once.
export PYTHONDONTWRITEBYTECODE :=
STYLES := $(shell find static/scss -name '*.scss' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run test check bench clean assets venv constraints format

help:
	@echo "make run     the product on this machine, with a demonstration force (PORT=8000)"
	@echo "make test    every test, with real PostgreSQL, Redis, worker and browser"
	@echo "make check   formatting, lint, import order, migrations, deployment settings, types"
	@echo "make bench   queries, buffers and times against the floors, to var/bench.json"
	@echo "make format  put code and templates into the house format"
	@echo "make clean   forget local data, after asking (CLEAN=yes does not ask)"

run: .venv/.ready var/assets/.ready
	@exec $(BIN)/python tools/local.py run

# One process more than two cores: tests with a worker or a browser wait now and then.
test: .venv/.ready var/assets/.ready
	@$(BIN)/python -m pytest -n 3 $(ARGS)

check: .venv/.ready var/assets/.ready
	@$(BIN)/python tools/check.py

bench: .venv/.ready var/assets/.ready
	@$(BIN)/python tools/with_services.py manage.py bench --json var/bench.json $(ARGS)

format: .venv/.ready
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: .venv/.ready
	@exec $(BIN)/python tools/local.py clean

venv: .venv/.ready
assets: var/assets/.ready

# The stamps: made again only when what they depend on has changed.
.venv/.ready: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; this is %d.%d." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing requirements into .venv ..."
	@$(BIN)/pip install --quiet --no-cache-dir --disable-pip-version-check --only-binary :all: \
		-r requirements.txt -c constraints.txt
	@touch $@

var/assets/.ready: .venv/.ready package.json package-lock.json .npmrc tools/assets.py $(STYLES)
	@echo "Building assets ..."
	@$(BIN)/python tools/assets.py
	@touch $@

# After changing requirements.txt: install it without the old constraints, then write down what came.
constraints:
	@$(BIN)/pip install --quiet --no-cache-dir --only-binary :all: -r requirements.txt
	@$(BIN)/python tools/constraints.py
