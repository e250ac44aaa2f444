# odr-bot: `make run` shows the main job with demo shops, `make test` runs everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test quick check bench accuracy storm lock screenshots clean

run: $(VENV)/.runtime
	@echo "==> Loading the demo shops into data/demo"
	@ODR_BOT_DATA_DIR=data/demo $(BIN)/odr-bot demo
	@echo "==> Starting. Open http://127.0.0.1:8765/ in a browser; Ctrl+C stops."
	@ODR_BOT_DATA_DIR=data/demo $(BIN)/odr-bot serve

test: $(VENV)/.dev
	@sh tests/chromium.sh $(BIN)
	@echo "==> Checking style, types and imports"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "==> Running the tests"
	@sh tests/run.sh $(BIN)

quick: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not browser and not postgres and not storm"

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

accuracy: $(VENV)/.dev
	$(BIN)/python -m benchmarks.accuracy

storm: $(VENV)/.dev
	$(BIN)/python -m benchmarks.storm

screenshots: $(VENV)/.dev
	ODR_BOT_SCREENSHOTS=1 $(BIN)/pytest tests/story

lock: $(VENV)/.dev
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --all-extras --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) data/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "odr-bot needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "==> Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runtime: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "==> Installing odr-bot"
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "==> Installing odr-bot with its test tools"
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@ $(VENV)/.runtime
