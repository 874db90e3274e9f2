# One command each, from a bare machine with Python 3.11, make and gcc. `make` alone lists them.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --quiet
# What needs no server: the pure rules, settings, texts, what is said and mailed, and the rules of the house.
QUICK := tests/rules tests/house_rules tests/callbacks/test_settings.py tests/callbacks/test_texts.py \
	tests/callbacks/test_logs.py tests/ivr/test_templates.py tests/workflows/test_letters.py \
	tests/journeys/test_discretion.py -m "not slow and not wheel"

.DEFAULT_GOAL := help
.PHONY: help install dev demo test check bench faults soak stories lock clean

help: ## say what there is
	@sed -n 's/^\([a-z ]*\):.*## /make \1  — /p' $(MAKEFILE_LIST)

install: $(STAMP) ## virtual environment with the locked packages and Ringback itself

dev: $(DEV_STAMP) ## the same, with what the tests and checks need

demo: install ## the whole service with a simulated telephone network and sample people
	@$(BIN)/ringback demo

test: dev ## every test
	@$(PYTEST) -n 2 --dist loadgroup -rs

check: dev ## style, types, arrows between the rooms, and the quick tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PYTEST) -n 2 --dist loadgroup -q -rs $(QUICK)

bench faults soak: dev ## measure; break things on purpose; run for long
	@folder=tests/$@; [ "$@" != bench ] || folder=bench; \
	if [ -n "$$(find $$folder -name 'test_*.py' 2>/dev/null)" ]; then $(PYTEST) -rs -m "" $$folder; \
	else echo "make $@: nothing there yet ($$folder holds no test)"; fi

stories: dev ## make up 2000 new stories; the first that breaks a promise is told at its shortest
	@RINGBACK_STORIES=$${RINGBACK_STORIES:-2000} $(PYTEST) -q tests/stories

lock: dev ## write the lock files anew
	@$(LOCK) pyproject.toml requirements.in --extra postgres -o requirements.lock
	@$(LOCK) pyproject.toml requirements.in requirements-dev.in --extra postgres -c requirements.lock -o requirements-dev.lock

clean: ## remove what was built; var/ with its data stays
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@python=; for name in python3.11 python3.12 python3.13 python3; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed: apt install python3 python3-venv"; exit 1; fi; \
	if ! $$python -c 'import ensurepip' 2>/dev/null; then echo "This Python has no ensurepip: apt install python3-venv"; exit 1; fi; \
	$$python -m venv $(VENV)

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (about a minute) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
