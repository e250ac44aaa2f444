# odr-bot: `make run` shows the main job with demo shops, `make test` runs everything.
# The first interpreter that serves: every library here has wheels for Python 3.11 to 3.14, and the engine's tables
# need SQLite 3.35. `make PYTHON=python3.13 run` takes another one.
VERSIONS := 3.11 3.12 3.13 3.14
SERVES := import sys, sqlite3, ensurepip; \
	sys.exit(not ((3, 11) <= sys.version_info < (3, 15) and sqlite3.sqlite_version_info >= (3, 35)))
PYTHON ?= $(shell for found in python3 $(VERSIONS:%=python%); do \
	"$$found" -c '$(SERVES)' 2>/dev/null && echo "$$found" && break; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test quick pythons check bench accuracy storm mutants lock screenshots clean

run: $(VENV)/.runtime
	@echo "==> Loading the demo shops into data/demo"
	@ODR_BOT_DATA_DIR=data/demo $(BIN)/odr-bot demo
	@echo "==> Starting. Open the link below in a browser, it signs you in; Ctrl+C stops."
	@ODR_BOT_DATA_DIR=data/demo $(BIN)/odr-bot serve

test: $(VENV)/.dev
	@sh tests/chromium.sh $(BIN)
	@sh tests/nginx.sh $(BIN)
	@echo "==> Checking style, types and imports"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "==> Running the tests"
	@sh tests/run.sh $(BIN)

quick: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not browser and not postgres and not storm and not whole"

pythons:
	@sh tests/pythons.sh $(VERSIONS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

accuracy: $(VENV)/.dev
	@sh tests/chromium.sh $(BIN)
	$(BIN)/python -m benchmarks.accuracy $(if $(REAL),--real $(REAL))

storm: $(VENV)/.dev
	$(BIN)/python -m benchmarks.leaks
	$(BIN)/python -m benchmarks.storm
	ODR_BOT_WHOLE_MATRIX=1 $(BIN)/pytest -q -n 2 tests/access/test_matrix.py

mutants: $(VENV)/.dev
	$(BIN)/pip install -q --disable-pip-version-check -c requirements.lock -e '.[mutants]'
	$(BIN)/python -m benchmarks.mutants

screenshots: $(VENV)/.dev
	ODR_BOT_SCREENSHOTS=1 $(BIN)/pytest tests/story tests/console/test_pictures.py tests/freshness/test_pictures.py \
		tests/slack/test_pictures.py tests/feishu/test_pictures.py

lock: $(VENV)/.dev
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --all-extras --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) data/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/pip:
	@"$(PYTHON)" -c '$(SERVES)' 2>/dev/null || { \
		echo "odr-bot needs Python 3.11 to 3.14 with venv and SQLite 3.35 or newer, and found none that serves$(if $(PYTHON),: $(PYTHON))."; \
		echo "On Debian and Ubuntu: apt install python3-venv. Another interpreter: make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)"; exit 1; }
	@echo "==> Making a virtual environment in $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "==> Installing odr-bot"
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "==> Installing odr-bot with its test tools"
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@ $(VENV)/.runtime
