# make run    everything on this machine, with one address to open   (make run ARGS="--port 8100")
# make test   ruff, mypy and every test
# make lint   ruff and mypy alone
# make rich-menu   draw the menu's image anew, after a change of bot/rich_menu/menu.py or menu.html
# make lock   renew the locked dependencies after a change of pyproject.toml
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: run test lint rich-menu lock browser clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
UV := $(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11

run: $(VENV)/fitted
	@exec $(BIN)/lertrat run $(ARGS)

test: $(VENV)/installed-test browser lint $(VENV)/fitted
	$(BIN)/python -m pytest -n logical --dist loadfile $(ARGS)

lint: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

rich-menu: $(VENV)/installed-test browser
	$(BIN)/python -m bot.rich_menu.drawing

lock: $(VENV)/made
	$(PIP) install uv
	$(UV) pyproject.toml -o requirements.txt
	$(UV) --extra test pyproject.toml -o tests/requirements.txt

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3.11" >&2; exit 1; }
	echo "Making $(VENV) …" >&2
	$(PYTHON) -m venv $(VENV) || { echo "make: python3 -m venv failed; on Debian install python3-venv" >&2; exit 1; }
	touch $@

# pyproject.toml counts because it names the packages and the commands.
$(VENV)/installed: requirements.txt pyproject.toml | $(VENV)/made
	@echo "Installing the locked dependencies (some minutes at the first time) …" >&2
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

# The fit of the program's own content takes a minute; kept here, no start has to wait for it.
$(VENV)/fitted: $(wildcard intents/*.py intents/*.yaml knowledge/content/*/*.yaml) $(VENV)/installed
	@echo "Fitting the program's own content (a minute) …" >&2
	$(BIN)/lertrat fit --installed >&2
	touch $@

$(VENV)/installed-test: tests/requirements.txt $(VENV)/installed
	@echo "Installing what the tests need …" >&2
	$(PIP) install --require-hashes -r tests/requirements.txt
	touch $@

# The chat page is tested in a real browser, with a Thai font.
browser:
	@# grep reads to the end: one that stops early (-q) breaks fc-list's pipe, which pipefail takes for "not there".
	if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -i tlwg >/dev/null; then exit 0; fi
	as_root=""
	if [ "$$(id -u)" != 0 ]; then as_root="sudo -n"; fi
	if ! command -v apt-get >/dev/null || ! $${as_root} true 2>/dev/null; then
		echo "make: chromium and a Thai font are missing; install them (Debian: chromium fonts-thai-tlwg fontconfig)" >&2
		exit 1
	fi
	echo "Installing Chromium and Thai fonts …" >&2
	$${as_root} apt-get update -qq
	$${as_root} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-thai-tlwg fontconfig >/dev/null

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
