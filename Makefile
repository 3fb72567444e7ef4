# Two commands matter: `make demo` opens the room, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/python -m uv
ARGS ?=

# The system's certificates, so that an index behind a company's own authority works (two names, by age).
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1

.PHONY: demo test check install lock clean

demo: $(VENV)/.run
	$(BIN)/cohost demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m tests.prepare
	$(BIN)/python -m pytest tests -n 2 --dist loadfile $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/pure tests/test_architecture.py -q

install: $(VENV)/.run

$(VENV)/.uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cohost needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet "uv>=0.5"
	touch $@

$(VENV)/.run: $(VENV)/.uv requirements.lock pyproject.toml
	$(UV) pip install --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	$(UV) pip install --python $(BIN)/python --no-deps --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(UV) pip install --python $(BIN)/python --no-deps --require-hashes -r requirements-dev.lock
	touch $@

lock: $(VENV)/.uv
	$(UV) pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(UV) pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
