# From a fresh clone: `make demo` trains and reports the phantoms, `make test` runs the suite.
# Both install first, into .venv, and skip the install when it is current.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PYTEST_ARGS ?=
# The tests of a file stay together: they share the runs that its fixtures make. Three at a time keep
# two cores busy, as many tests wait for processes.
AT_A_TIME := -n 3 --dist loadfile

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
FOR_TESTS := $(VENV)/torchvision_for_tests
LINT_VENV := .venv-lint
LINT := $(LINT_VENV)/bin
LINT_INSTALLED := $(LINT_VENV)/.installed

# Programs that a rule or a test starts by name come from .venv, activated or not.
IN_VENV := PATH="$(CURDIR)/$(BIN):$$PATH"

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# Each job is a process of its own; without compiled files each would compile the library again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test slow bench golden install lint-tools lint format check clean FORCE

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1:/p' $(firstword $(MAKEFILE_LIST)) | awk -F: '{ printf "  %-11s %s\n", $$1, $$2 }'

demo: install ## HelloWorld from phantoms to outputs/report.html
	$(IN_VENV) snakemake make_phantoms
	$(IN_VENV) snakemake
	@echo "Done. Look at outputs/report.html; the pictures and tables lie beside it in outputs/."

test: install ## the test suite (without the marks slow, gpu, benchmark)
	$(IN_VENV) python -m pytest $(AT_A_TIME) $(PYTEST_ARGS)

slow: install ## the tests that run whole workflows
	$(IN_VENV) python -m pytest -m "slow and not gpu" $(PYTEST_ARGS)

bench: install ## tables of time and memory
	$(IN_VENV) python -m pytest -m benchmark -s tests/benchmarks $(PYTEST_ARGS)

golden: install ## write the generated and golden files anew; look at the difference before you commit
	$(IN_VENV) python -m pytest --update-golden $(PYTEST_ARGS)

install: $(INSTALLED) ## .venv with the pinned versions of envs/constraints.txt

# The stamp holds the folder of the checkout and is written last. Without it, with another folder in
# it or with a Python that is gone, the install starts from nothing; older than the pins or
# pyproject.toml, it only updates. A broken-off install never looks current.
ifneq ($(shell cat $(INSTALLED) 2>/dev/null),$(CURDIR))
$(INSTALLED): FORCE
endif
$(INSTALLED): pyproject.toml envs/constraints.txt envs/torchvision.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or newer is needed, got '$(PYTHON)'. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if [ "$$(cat $@ 2>/dev/null)" != "$(CURDIR)" ] || ! $(BIN)/python -c ''; then $(PYTHON) -m venv --clear $(VENV); fi
	@echo 'Installing into $(VENV): a few minutes the first time.'
	$(BIN)/python -m pip install -qq --constraint envs/constraints.txt pip setuptools
	$(BIN)/python -m pip install -qq --constraint envs/constraints.txt --no-build-isolation --editable '.[azureml,dev,export]'
	@# Beside the packages: Lightning would import it on every start. 8 MB, as its dependencies are there.
	rm -rf $(FOR_TESTS)
	$(BIN)/python -m pip install -qq --no-deps --target $(FOR_TESTS) --requirement envs/torchvision.txt || \
	echo 'There is no torchvision for this Python: the tests with its transforms are skipped.' >&2
	@printf '%s\n' "$(CURDIR)" > $@

lint-tools: $(LINT_INSTALLED)

ifneq ($(shell cat $(LINT_INSTALLED) 2>/dev/null),$(CURDIR))
$(LINT_INSTALLED): FORCE
endif
$(LINT_INSTALLED): envs/lint-constraints.txt
	$(PYTHON) -m venv --clear $(LINT_VENV)
	@echo 'Installing the lint tools into $(LINT_VENV).'
	$(LINT)/python -m pip install -qq --requirement envs/lint-constraints.txt
	@printf '%s\n' "$(CURDIR)" > $@

SMK = $(wildcard Snakefile rules/*.smk)
NOTEBOOKS = $(shell find scripts -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null)

lint: install lint-tools ## ruff, snakefmt, basedpyright, notebooks, snakemake --lint; changes nothing
	$(LINT)/ruff check
	$(LINT)/ruff format --check
	$(if $(SMK),$(LINT)/snakefmt --check $(SMK))
	$(LINT)/basedpyright
	$(if $(NOTEBOOKS),$(LINT)/nbstripout --verify $(NOTEBOOKS))
	$(if $(SMK),$(IN_VENV) snakemake --lint)

format: lint-tools ## ruff, snakefmt and nbstripout write the house's layout
	$(LINT)/ruff check --select I --fix --quiet
	$(LINT)/ruff format
	$(if $(SMK),$(LINT)/snakefmt $(SMK))
	$(if $(NOTEBOOKS),$(LINT)/nbstripout $(NOTEBOOKS))

check: lint test ## lint and test

# Environments and leftovers of tools only; outputs/ is yours.
LITTER = $(wildcard $(VENV) $(LINT_VENV) .pytest_cache .ruff_cache .hypothesis build scripts/innereye.egg-info)

clean: ## remove the environments and what tools left behind (never outputs); says what it removes
	@for path in $(LITTER); do echo "removing $$path"; rm -rf -- "$$path"; done
	@find scripts tests config -name __pycache__ -type d -prune -print -exec rm -rf {} + 2>/dev/null | sed 's/^/removing /' || true
