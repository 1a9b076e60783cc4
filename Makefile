# Two commands do everything on a machine with git, make and CPython 3.11: `make demo`, `make test`.
# Everything is installed into .venv from uv.lock; delete that folder to be rid of it.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON ?= $(or $(shell command -v python3.11),$(shell command -v python3),python3.11)
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: help setup demo test check lint types rooms map screenshots gallery spark bench clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv and install what uv.lock names

$(READY): pyproject.toml uv.lock
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "xiaobao needs CPython 3.11 or newer, and $(PYTHON) is not; name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@[ -x $(BIN)/python ] && $(BIN)/python -c '' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@[ "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = $(UV_VERSION) ] || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv sync --frozen --quiet --active --python $(BIN)/python
	@touch $@

demo: setup ## live a generated marketplace through its guarantee
	$(BIN)/xiaobao demo $(ARGS)

test: setup ## every test, on an embedded database of its own
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types rooms ## what needs no database: lint, types, room contracts, rules
	$(BIN)/python -m pytest -q $(ARGS) tests/house tests/kernel $(wildcard tests/*/test_rules_*.py)

lint: setup ## style and mistakes (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## types (mypy, strict)
	$(BIN)/mypy

rooms: setup ## who may know whom (import-linter)
	@$(BIN)/lint-imports --no-cache

map: setup ## write docs/map.md, docs/problems.md and the client's calls from the code
	$(BIN)/python tests/house/plates.py

screenshots: setup ## take the pictures that the READMEs show; needs Debian's Chromium
	$(BIN)/python tests/web/pictures.py

gallery: setup ## a picture of every page of a served demo, to be looked at: make gallery ARGS="http://127.0.0.1:8868 --out DIR"
	$(BIN)/python tests/web/gallery.py $(ARGS)

spark: setup ## the lab on a real local Spark: installs 456 MB, needs Java 17 (not part of `make test`)
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv sync --frozen --quiet --active --python $(BIN)/python --group spark
	$(BIN)/python -m pytest -q tests/lab/test_spark.py

bench: setup ## measure everything within ten minutes; figures for docs/benchmarks.md
	$(BIN)/python benchmarks/all.py $(ARGS)

clean: ## remove .venv and caches (never a database)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
