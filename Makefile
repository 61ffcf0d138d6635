# Works with any POSIX shell. Packages come from wherever your pip is told to get them (PIP_* variables, pip.conf).
.POSIX:
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON = python3
BIN = .venv/bin
READY = .venv/.ready
UV = build/uv/bin/uv
UV_COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-config --no-header --no-annotate --no-emit-find-links
CODE = src tests benchmarks recordings

# The recorded session that `make demo` plays.
RECORDING = recordings/research-chat.jsonl

.PHONY: help setup demo test bench fix lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv and install everything, each package checked against its hash
	@:

demo: setup ## Play a recorded session through the agent, then the 60-second rescue
	$(BIN)/conductor replay $(RECORDING)
	$(BIN)/conductor demo --once

test: setup ## Lint, check formatting and types, run all tests
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/pytest --quiet -n 2

bench: setup ## Run every benchmark against its baseline and print the table
	$(BIN)/python -m benchmarks

fix: setup ## Format the code and mend what ruff can mend by itself
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet

lock: $(UV) ## Renew the locked requirements to the newest versions that pyproject.toml allows
	$(UV_COMPILE) --group pyproject.toml:dev --output-file requirements-dev.txt pyproject.toml
	$(UV_COMPILE) --constraints requirements-dev.txt --output-file requirements.txt pyproject.toml

clean: ## Remove the environment, caches and everything else that was made here
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# Made anew whenever the lock or the package's own description changes; otherwise there is nothing to do.
$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Engagement Conductor needs Python 3.11 or newer, and '$(PYTHON)' is not that." \
			"Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements-dev.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# Only `make lock` needs it, so it stays out of .venv.
$(UV):
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip install -qq 'uv>=0.8'
