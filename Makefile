# What a newcomer types. `make run` has the whole product alive; `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
HAS_BROWSER := command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null

.PHONY: help run test walks bench conformance lint format docs screens lock browser models clean

help:  ## say what each target does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.installed  ## install, fetch the models, raise the demo world and serve it
	@$(BIN)/parvis models pull
	@$(BIN)/parvis demo
	@$(BIN)/parvis serve

test: $(VENV)/.developing browser models lint  ## check everything: style, types, floors, and what the product promises
	$(BIN)/pytest --numprocesses 2 --dist loadgroup

walks: $(VENV)/.developing browser  ## walk through every page and verb in all four manners; `test` does it in two
	WALKS=all $(BIN)/pytest --numprocesses 2 tests/journeys/test_walks.py

bench: $(VENV)/.developing browser models  ## print how fast it is: the server, SQLite beside PostgreSQL, then the pages
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.pages

conformance: $(VENV)/.developing browser  ## try clients that nobody here wrote against it (they are fetched; npm for three)
	$(BIN)/python -m tests.contracts.masto_js
	$(BIN)/python -m tests.contracts.embed_timeline
	$(BIN)/python -m tests.contracts.megalodon
	-$(BIN)/python -m tests.contracts.toot  # one of its tests wants the password grant
	-$(BIN)/python -m tests.contracts.conformance  # docs/decisions/0011 tells what the contract itself has wrong

lint: $(VENV)/.developing  ## ruff, mypy and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.developing  ## put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.developing  ## write the reference pages from the code
	$(BIN)/python -m docs.generate

screens: $(VENV)/.developing browser models  ## photograph the main pages into screens/, and the best into docs/pictures/
	$(BIN)/python -m tests.journeys.screens

models: $(VENV)/.developing  # the small ones are enough for the tests; those already on disk are used too
	@$(BIN)/parvis models pull --small

browser:
	@$(HAS_BROWSER) || ($(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-color-emoji)

lock: $(VENV)/.developing  ## pin every dependency anew, by hash and without naming a host
	$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --group build --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet -c requirements.lock -o requirements-dev.lock

clean:  ## forget the virtual environment; data and models stay
	rm -rf $(VENV)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Parvis and what it stands on …"
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.developing: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing Parvis, what it stands on and what tests it …"
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed
