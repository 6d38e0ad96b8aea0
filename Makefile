# The commands of the project. `make quickstart` runs the main job; `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup quickstart check test docs lock clean

help:            ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/ \t/'

setup: $(VENV)/.ready  ## make .venv with everything quickstart and tests need

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps "torch==$$(sed -n 's/^# torch==//p' requirements.lock)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

quickstart: setup  ## the main job, end to end, on real data
	$(BIN)/bedside quickstart --out quickstart

check: setup     ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

test: setup      ## the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist worksteal  # three for two cores: one often waits for a server or a browser

docs:            ## write the generated pages anew
	$(BIN)/python tools/docs.py

lock:            ## resolve the dependencies anew into requirements.lock
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/python tools/lock.py

clean:           ## forget what was built
	rm -rf $(VENV) quickstart build dist src/*.egg-info
