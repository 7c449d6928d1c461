# Everything a person or a pipeline does here, by name. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
LOCKED := $(PIP) --require-hashes --requirement
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help setup fast-hashing dev check test docs bench lock screenshots conformance

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.build .venv/.runtime .venv/.package ## install the server into .venv, as locked
	@:

fast-hashing: setup .venv/.hashing ## compile the password hashing for this processor: sign-ins cost less
	@:

dev: setup ## start a seeded server on this machine and print a link to sign up
	@$(BIN)/gatelodge dev $(DEV_ARGS)

check: setup .venv/.test .venv/.check ## lint, types, import contract, rules of the house
	@scripts/check

test: setup .venv/.test ## run every test; installs Chromium and PostgreSQL when they are missing
	@scripts/test-machine
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

docs: setup .venv/.test ## write the generated reference pages
	@if [[ -e scripts/docs ]]; then scripts/docs; else echo "No generated pages yet."; fi

bench: setup .venv/.test ## measure the server beside the limits of this machine
	@if [[ -e bench/run ]]; then bench/run; else echo "No benchmark yet."; fi

screenshots: setup .venv/.test ## photograph the pages for the documentation
	@scripts/test-machine
	@$(BIN)/python scripts/screenshots build/screenshots

conformance: setup .venv/.test ## run the OpenID conformance suite at SUITE=https://… ; PLANS="basic config" runs some
	@[[ -n "$(SUITE)" ]] || { echo "Say where the suite is: make conformance SUITE=https://…" >&2; exit 2; }
	@$(BIN)/python -m scripts.conformance $(SUITE) $(PLANS)

lock: setup .venv/.test .venv/.check ## write the lock files again; UPGRADE=1 takes newer versions
	@scripts/lock

# Stamps: each is newer than what was last installed, so that doing it again costs nothing.
.venv/.python:
	@scripts/python
	@touch $@

.venv/.build: requirements/build.txt | .venv/.python
	@echo "Installing the server into .venv"
	@$(LOCKED) $<
	@touch $@

.venv/.runtime: requirements/runtime.txt | .venv/.build
	@$(LOCKED) $<
	@touch $@

.venv/.package: pyproject.toml | .venv/.runtime
	@$(PIP) --no-deps --no-index --editable .
	@touch $@

# Compiled again when the lock changed, because installing from it may bring the wheel back. The
# program makes the stamp itself: where it cannot compile, it says so every time.
.venv/.hashing: requirements/hashing.txt requirements/runtime.txt | .venv/.runtime
	@scripts/fast-hashing

.venv/.test: requirements/test.txt | .venv/.package
	@echo "Installing what the tests need"
	@$(LOCKED) $<
	@touch $@

.venv/.check: requirements/check.txt | .venv/.test
	@echo "Installing what the checks need"
	@$(LOCKED) $<
	@touch $@
