# What can be done with this repository?  `make help` says it.
#
# Needed: python3 (3.10 or newer), node 20. Everything else is installed into .venv and labextension/node_modules; files that
# serve as stamps make a second call quick.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED := $(VENV)/share/jupyter/labextensions/ivoryos-jupyter
FRONT := labextension
BUILT := ivoryos_jupyter/labextension/package.json
JLPM := cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm
FRONT_SOURCES := $(shell find $(FRONT)/src $(FRONT)/style $(FRONT)/scripts -type f) $(addprefix $(FRONT)/, package.json tsconfig.json yarn.lock)
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

# A network that is slow for a while is asked again.
export PIP_RETRIES ?= 10
export PIP_DEFAULT_TIMEOUT ?= 60
export YARN_HTTP_RETRY ?= 10

.PHONY: help build lab demo test bench jobs rough soak docs check format front-end-tests unit-tests browser-tests clean

help: ## Say what can be done
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 28

build: $(BUILT) ## Install the package and build its front end

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or newer is needed; say which: make PYTHON=python3.11 ..."; exit 1; }
	@command -v node > /dev/null || { echo "node 20 is needed to build the front end: https://nodejs.org"; exit 1; }
	sh .ci/make-venv "$(PYTHON)" $(VENV)

$(VENV)/.installed: pyproject.toml setup.py install.json _build_backend/ivoryos_build.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@

$(FRONT)/node_modules/.yarn-state.yml: $(FRONT)/package.json $(FRONT)/yarn.lock | $(VENV)/.installed
	$(JLPM) install --immutable
	@touch $@

$(BUILT): $(FRONT_SOURCES) | $(FRONT)/node_modules/.yarn-state.yml $(VENV)/.installed
	$(JLPM) build:prod
	rm -rf $(SHARED)
	mkdir -p $(dir $(SHARED))
	cp -r ivoryos_jupyter/labextension $(SHARED)
	cp install.json $(SHARED)
	@touch $@

$(VENV)/.browser: | $(VENV)/.installed
	sh .ci/find-browser $(BIN)/python
	@touch $@

# Older kernels answer on their control channel too; the tests look.
$(VENV)/kernels: | $(VENV)/.installed
	rm -rf $@.new
	for version in 7.2.0 6.31.0; do $(BIN)/python -m pip install --quiet --no-deps --target $@.new/$$version ipykernel==$$version nest-asyncio || exit 1; done
	mv $@.new $@

lab: build ## Open JupyterLab with the quickstart notebook
	$(BIN)/jupyter lab $(AS_ROOT) notebooks/quickstart.ipynb

demo: build ## Run the quickstart workflow and print its tables
	$(BIN)/python notebooks/demo.py

docs: build ## Build the documentation; a warning is an error
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

check: build ## Lint, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(JLPM) types
	$(JLPM) lint

format: build ## Let the tools mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(JLPM) lint --fix

front-end-tests: build ## Tests of the TypeScript
	$(JLPM) test

# Kernels, servers and browsers share this machine with whatever else runs on it: a test may be run again, which pytest says; one that
# fails each time has failed.
unit-tests: build ## Tests of the Python, and the notebooks
	$(BIN)/python -m pytest -q --numprocesses=2 --dist=loadfile --reruns 1 --ignore=tests/browser

browser-tests: build $(VENV)/.browser $(VENV)/kernels ## Tests in JupyterLab and a browser
	$(BIN)/python -m pytest -q --numprocesses=2 --dist=loadfile --reruns 2 -m "not job" tests/browser

rough: build ## Run the unit tests with threads that are late now and then; ROUGH_SEED=7 draws other moments
	PYTHONPATH="$(CURDIR)/tests/rough" $(BIN)/python -m pytest -q --numprocesses=2 --dist=loadfile --timeout=1800 --ignore=tests/browser

jobs: build $(VENV)/.browser ## Count the clicks and keys of everyday jobs
	$(BIN)/python -m pytest -q -m job tests/browser

test: check front-end-tests docs unit-tests browser-tests ## Everything

bench: build $(VENV)/.browser $(VENV)/kernels ## Measure, each as a ratio
	@$(BIN)/python tests/benchmarks

soak: build ## Kill a run at 240 places, and look for growth over 100,000 steps and 1,000 runs
	$(BIN)/python tests/soak

clean: ## Remove what was built; the environment stays
	rm -rf build dist docs/_build test-results $(FRONT)/lib $(FRONT)/tsconfig.tsbuildinfo ivoryos_jupyter/labextension ivoryos_jupyter/widgets/static
