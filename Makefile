# The commands of this project. `make` alone lists them; each works on a fresh clone.
# Options of a command go into ARGS:  make run ARGS="--config country.yml --seed 7"

BIN := .venv/bin
# The stamp's name holds the checksum of what the environment is made from: unchanged, setup does nothing.
STAMP := .venv/.installed-$(shell cat requirements.lock pyproject.toml scripts/setup.sh | cksum | tr ' ' '-')
ARGS ?=
QUIET := DO_NOT_TRACK=1 DAGSTER_DISABLE_TELEMETRY=1 DAGSTER_DG_UPDATE_CHECK_ENABLED=0

.DEFAULT_GOAL := help
.PHONY: help setup run pipeline serve dagster test test-all check fix bench bench-forecast lock docs clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done

setup: $(STAMP) ## install the locked environment into .venv

$(STAMP):
	@./scripts/setup.sh
	@rm -f .venv/.installed-*
	@touch $@

run: setup ## build the country, run the whole pipeline, publish, serve the dashboards
	@$(BIN)/medkadr run --serve $(ARGS)

pipeline: setup ## the same without serving
	@$(BIN)/medkadr run $(ARGS)

serve: setup ## serve the dashboards on what is published
	@$(BIN)/medkadr serve $(ARGS)

dagster: setup ## open Dagster's UI on the same project and storage
	@$(BIN)/medkadr ui $(ARGS)

test: setup ## run every test, a real browser included
	@MEDKADR_CHROMIUM="$$(./scripts/browser.sh)" && export MEDKADR_CHROMIUM && \
		$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not sweep" $(ARGS)

test-all: setup ## the same, and the heavy sweeps
	@MEDKADR_CHROMIUM="$$(./scripts/browser.sh)" && export MEDKADR_CHROMIUM && \
		$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup ## lint, format, types, definitions, generated documents; changes nothing
	@$(BIN)/python -m orchestration.running.dbt_manifest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project
	$(BIN)/mypy
	$(QUIET) $(BIN)/dg check defs
	$(BIN)/medkadr dictionary --check

fix: setup ## mend what the linters can mend, write the generated documents
	-$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/sqlfluff fix --disable-progress-bar dbt_project
	$(BIN)/medkadr dictionary

bench: setup ## speed and memory beside named peers (tests/bench)
	@for script in tests/bench/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" $(ARGS) || exit 1; done

bench-forecast: setup .venv-bench/.installed ## forecasts against AutoETS, AutoARIMA and DOT (ARGS="PANEL.csv")
	@$(BIN)/python tests/bench/bench_forecast.py $(ARGS)

# The peers cap pandas below 3, so they live apart; every file's hash is checked.
.venv-bench/.installed: requirements-bench.lock
	@./scripts/setup_bench.sh

# Extras are kept (`gql[requests]`): pip with hashes refuses a dependency whose extras the lock does not name.
lock: ## pin the dependencies of pyproject.toml anew (needs uv)
	@uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
		--extra dev --quiet pyproject.toml --output-file requirements.lock

docs: setup ## write the generated documents
	@$(BIN)/medkadr dictionary

clean: ## remove what runs and tests have made; the environment stays
	rm -rf .medkadr dbt_project/target dbt_project/logs logs .pytest_cache .ruff_cache .mypy_cache .hypothesis
