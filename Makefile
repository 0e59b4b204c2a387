# Every target works in a fresh clone: Python 3.11+ and make are all it needs. The raw commands are in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test coverage demo bench format lock clean

# Workers take file after file in the order that tests/conftest.py gives them, the slow ones first.
PYTEST := $(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

run: .setup/app
	$(BIN)/voicecoach

test: .setup/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

# Which lines and branches no test runs; the tests take about twice as long.
coverage: .setup/dev
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

demo: .setup/app
	$(BIN)/voicecoach demo

bench: .setup/app
	$(BIN)/python -m benchmarks.speed

format: .setup/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .setup build dist .coverage .coverage.* htmlcov

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "voicecoach needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Whatever a lock file names is installed only if its checksum is right. torch is in none, so that plain pip decides
# which build of it; voicecoach itself comes last, with what a system needs beyond the lock.
LOCKED = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r
ITSELF = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e

# The stamps are newer than what they were made from, so a second run installs nothing.
.setup/app: pyproject.toml constraints.txt requirements/app.txt | $(BIN)/python
	$(LOCKED) requirements/app.txt
	$(ITSELF) .
	@mkdir -p .setup && touch $@

.setup/dev: pyproject.toml constraints.txt requirements/dev.txt | $(BIN)/python
	$(LOCKED) requirements/dev.txt
	$(ITSELF) '.[dev]'
	@mkdir -p .setup && touch .setup/app $@

# Checksums of every file that the index has of each pinned version; it takes some minutes.
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-annotate --no-emit-options -c constraints.txt \
	--unsafe-package torch --unsafe-package setuptools --unsafe-package voicecoach
lock: .setup/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	$(COMPILE) --extra build -o requirements/app.txt pyproject.toml
	$(COMPILE) --all-extras -o requirements/dev.txt pyproject.toml
