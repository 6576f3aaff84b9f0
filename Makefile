# Two commands on a fresh machine with Python 3.11 or newer (with venv) and make:
#   make run    sets everything up and serves the Bottrop process on http://127.0.0.1:8000
#   make test   sets everything up and passes every check and every test
# Settings come from the environment: WERDEGANG_HOME, WERDEGANG_HOST, WERDEGANG_PORT, WERDEGANG_DATABASE_URL.

VENV := .venv
BIN := $(VENV)/bin
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

# Python keeps what it has compiled, whatever the environment asks for: the tests start the command a hundred times, and
# each start would take twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint soak bench peers pictures code-book lock
.DELETE_ON_ERROR:

run: $(VENV)/ready-to-run
	$(BIN)/werdegang demo
	$(BIN)/werdegang serve

# As many processes as the machine has processors, and four at most: each has a PostgreSQL and a browser of its own.
# They share the tests in their order: what a module sets up is set up once, or twice where the halves meet; and whoever
# is done takes over half of what another one has left, so that no long module is waited for. `PROCESSES=0`: only one.
PROCESSES := logical
PARALLEL := --numprocesses=$(PROCESSES) --maxprocesses=4 --dist=worksteal

test: lint
	$(BIN)/python -m pytest $(PARALLEL)

check: lint
	$(BIN)/python -m pytest --quiet tests/test_architecture.py tests/test_docs.py

lint: $(VENV)/ready-to-test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary

# What the API promises, and every law and example that is made up: with ten times as many as `make test` tries. And every
# kind of public page in every way it can be looked at; eight programs that record at once while others read along, drawn
# anew each time (`make soak SEED=…` draws the same again); programs and servers killed twenty times each, by chance; and
# 2,000 bad inputs at each place where input comes in.
SEED := $(shell date +%s)
soak: $(VENV)/ready-to-test
	@echo "WERDEGANG_RACE=200 WERDEGANG_SEED=$(SEED)"
	WERDEGANG_RACE=200 WERDEGANG_SEED=$(SEED) $(BIN)/python -m pytest tests/test_reading_along.py
	$(BIN)/python -m tests.fuzzing --runs 2000 --seed $(SEED)
	WERDEGANG_SOAK=2000 WERDEGANG_SEED=$(SEED) $(BIN)/python -m pytest $(PARALLEL) tests/test_openapi_at_random.py \
	    tests/test_browser_everybody.py tests/test_faults.py
	$(BIN)/python -m pytest $(PARALLEL) -m hypothesis --hypothesis-profile=soak

# `make bench ROWS="record import"` measures only these; `make bench ROWS=--million` also what takes an hour.
ROWS :=
bench: $(VENV)/ready-to-test
	$(BIN)/python -m benchmarks $(ROWS)

peers: $(VENV)/ready-to-test
	$(BIN)/python -m benchmarks.peers

# The pictures in README and docs, from the running program.
pictures: $(VENV)/ready-to-test
	$(BIN)/python -m benchmarks.pictures

code-book: $(VENV)/ready-to-run
	$(BIN)/werdegang code-book --output docs/code-book.md

# The locked sets. They are written anew only by a maintainer who has uv: `make lock`, or `make lock UV=/path/to/uv`.
UV := uv
COMPILE := $(UV) --no-config pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock"

lock:
	$(COMPILE) pyproject.toml --extra postgres --group build --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra postgres --group dev --constraints requirements.txt \
	    --output-file requirements-dev.txt

# Set-up is done once, and again when a lock or pyproject.toml changes: each stamp is newer than what it was made from.
$(VENV)/ready-to-run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Setting up in $(VENV) (once; a minute or so) ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements.txt
	@$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The development set holds the runtime set at the same versions.
$(VENV)/ready-to-test: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	@echo "Setting up in $(VENV), with everything the tests need (once; a minute or two) ..."
	@$(PIP_INSTALL) --require-hashes --requirement requirements-dev.txt
	@$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $(VENV)/ready-to-run $@

$(BIN)/python:
	@for candidate in $(CANDIDATES); do \
	    if $$candidate -c "$(USABLE)" >/dev/null 2>&1; then exec $$candidate -m venv $(VENV); fi; \
	done; \
	echo "Werdegang needs Python 3.11 or newer with venv; none of these is one: $(CANDIDATES)." >&2; \
	echo "On Debian and Ubuntu: apt-get install python3 python3-venv" >&2; \
	exit 1
