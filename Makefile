# Needs Python 3.11 or newer and nothing else; everything is installed into .venv here.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

RESOLUTION ?= highest
# Of `make fuzz-api`; 0 takes a new one.
SEED ?= 0
# Processes that run tests; ARGS="-n 0" runs them in one, where a debugger works.
WORKERS ?= 2

.PHONY: help run dev test quick budgets screenshots coverage test-oracles check check-clients fix bench bench-peers siege lock reference schema same test-resolved test-uvicorn fuzz-api messages audit licences docs wheel smoke release-papers clean

help:                         ## show this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' Makefile

run: .venv/run.installed      ## start everything, with a demo site; HOST and PORT choose the address
	@exec $(BIN)/sensorfusion up --demo --host $(HOST) --port $(PORT)

dev: .venv/run.installed      ## the same, started again when a source file changes; templates and scripts are read afresh
	@exec env DEBUG=1 $(BIN)/sensorfusion up --demo --reload --host $(HOST) --port $(PORT)

test: .venv/test.installed    ## run every test; says what it skipped, and why; ARGS="-m unit" takes one kind
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

quick: .venv/test.installed   ## run the tests that need no database: unit tests, and those of the scripts
	@$(BIN)/python -m pytest -m "unit or js" $(ARGS)

# What a page costs is bytes, requests and layout shifts, not times: CI checks the same tests.
budgets: .venv/test.installed ## print what a sensor's page costs beside what it may cost
	@$(BIN)/python -m pytest -q -n 0 tests/web/test_scripts.py tests/reports/test_pages.py tests/browser/test_budget.py -k budget $(ARGS)

screenshots: .venv/test.installed ## photograph every page and state of a demo of its own into build/screenshots; four minutes
	@$(BIN)/python -m tests.browser.pictures build/screenshots $(ARGS)

coverage: .venv/test.installed ## run every test and write what they reach to build/coverage/report.txt; README.md has the figure
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(BIN)/python -m coverage run -m pytest -n $(WORKERS) $(ARGS)
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report > build/coverage/report.txt; tail -n 3 build/coverage/report.txt

check: .venv/check.installed  ## format, lint, types, layers, migrations, API description, JavaScript
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/check

fix: .venv/check.installed    ## put right what can be put right by machine
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	@find sensorfusion -path '*/templates/*.html' -print0 | xargs -0 $(BIN)/djade
	@find sensorfusion -path '*/templates/*.html' -exec $(BIN)/djhtml --tabwidth 2 {} +

test-oracles: .venv-oracles/installed ## compare quality flags and derived quantities with ioos-qc and MetPy
	@PYTHONPATH="$(CURDIR)" .venv-oracles/bin/python -m pytest -c tests/slow_oracles/pytest.toml --confcutdir tests/slow_oracles $(ARGS) tests/slow_oracles

check-clients: .venv/test.installed ## run programs that people send with, unchanged, against a server; slow
	@$(BIN)/python -m tests.real_clients

bench: .venv/test.installed   ## measure, against bare peers in the same run
	@$(BIN)/python -m benchmarks $(ARGS)

bench-peers: .venv/test.installed ## measure beside what people would install instead, as far as it is installed
	@$(BIN)/python -m benchmarks.peers $(ARGS)

siege: .venv/test.installed   ## attack a server of our own, and measure what that costs it and others; ARGS=--quick in a minute
	@$(BIN)/python -m benchmarks.siege $(ARGS)

lock: .venv/check.installed   ## choose the newest versions that fit together, with their hashes, and list their licences
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group install pyproject.toml -o requirements/run.txt $(ARGS)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group install --group test -c requirements/run.txt pyproject.toml -o requirements/test.txt $(ARGS)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group install --group test --group check -c requirements/test.txt pyproject.toml -o requirements/check.txt $(ARGS)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group docs -o requirements/docs.txt $(ARGS)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group oracles -c requirements/test.txt -o requirements/oracles.txt $(ARGS)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group fuzz -o requirements/schemathesis.txt $(ARGS)
	@$(MAKE) --no-print-directory licences

reference: .venv/check.installed ## write the generated tables of the documents again, after changing what they list
	@SENSORFUSION_DATA=build/reference $(BIN)/python -m reference
	@rm -rf build/reference

schema: .venv/check.installed ## write the descriptions of API, sockets and the new database again, after changing them
	@$(BIN)/sensorfusion spectacular --validate --fail-on-warn --file docs/openapi.yaml
	@SENSORFUSION_DATA=build/reference $(BIN)/python -m reference.asyncapi docs/asyncapi.yaml
	@rm -rf build/reference
	@$(BIN)/python -m release.database_schema

same: .venv/test.installed     ## write the examples again that hold server and scripts together, after changing words or formulas
	@DJANGO_SETTINGS_MODULE=sensorfusion.config.settings SENSORFUSION_DATA=build/same $(BIN)/python -m tests.reports.write_same
	@rm -rf build/same

messages: .venv/test.installed ## extract the texts of pages into the catalogues of translations, and compile those
	@$(BIN)/python -m release.messages update
	@$(BIN)/python -m release.messages check

test-resolved: .venv/check.installed ## run every test with RESOLUTION=lowest-direct or highest dependencies
	@mkdir -p build && $(BIN)/uv pip compile -q --resolution $(RESOLUTION) --python $(BIN)/python --no-emit-index-url --no-header --no-annotate pyproject.toml -o build/resolved.txt --upgrade
	@$(BIN)/uv venv -q --clear --python $(BIN)/python .venv-trial
	@$(BIN)/uv pip install -q --python .venv-trial -c build/resolved.txt --group install --group test --editable .
	@.venv-trial/bin/python -m pytest -n $(WORKERS) $(ARGS)

# The parts that know uvicorn's insides, against every version of it that pyproject.toml allows.
UVICORN_TESTS := tests/server/uvicorn tests/crash/test_reload.py tests/crash/test_up.py::test_several_workers_stop_cleanly

test-uvicorn: .venv/check.installed ## run the tests of the HTTP fast path with the RESOLUTION=lowest or highest uvicorn
	@$(BIN)/uv venv -q --clear --python $(BIN)/python .venv-trial
	@$(BIN)/uv pip install -q --python .venv-trial --require-hashes -r requirements/test.txt
	@$(BIN)/uv pip install -q --python .venv-trial --no-deps --upgrade --resolution $(RESOLUTION) "$$($(BIN)/python -m release.requirement uvicorn)"
	@.venv-trial/bin/python -m pytest -n 0 $(UVICORN_TESTS) $(ARGS)

fuzz-api: .venv/test.installed .venv-fuzz/installed ## compare a server with the description of its API; SEED=1 repeats a run
	@$(BIN)/python -m tests.api_fuzz --program $(CURDIR)/.venv-fuzz/bin/schemathesis --seed $(SEED)

audit: .venv/check.installed  ## ask for known vulnerabilities of what is shipped; needs the network
	@$(BIN)/pip-audit --disable-pip --require-hashes -r requirements/run.txt

licences: .venv/check.installed ## list the licences of what is shipped again; make lock does it, too
	@$(BIN)/python -m release.licences

docs: .venv-docs/installed    ## build the documents as a site with search, into build/site; broken links fail
	@.venv-docs/bin/sphinx-build -q -W --keep-going -n -c docs/site -d build/doctrees . build/site
	@echo "build/site/index.html"

wheel: .venv/check.installed  ## build the wheel and the source distribution into dist, and check them for the index
	@rm -rf dist && $(BIN)/python -m build --outdir dist > /dev/null && $(BIN)/twine check --strict dist/*

smoke: wheel                  ## install the wheel in a fresh environment, start its demo, look at it, stop it
	@PYTHON=$(PYTHON) release/smoke_wheel.sh dist/*.whl

release-papers: .venv/check.installed ## write the notes and the bill of materials of TAG=v… into build/release
	@mkdir -p build/release
	@$(BIN)/python -m release.notes "$(TAG)" > build/release/notes.md
	@$(BIN)/python -m release.sbom > build/release/sensorfusion.cdx.json

clean:                        ## remove what was installed and made; data stays
	@rm -rf .venv .venv-docs .venv-fuzz .venv-oracles .venv-trial build dist *.egg-info .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results

.venv/%.installed: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv, once…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

# An environment of its own: sphinx and twine want different docutils.
.venv-docs/installed: requirements/docs.txt
	@test -x .venv-docs/bin/python || $(PYTHON) -m venv .venv-docs
	@echo "Installing into .venv-docs, once…"
	@.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# An environment of its own: numpy, scipy and pandas are 500 MB, which nothing else needs.
.venv-oracles/installed: requirements/oracles.txt
	@test -x .venv-oracles/bin/python || $(PYTHON) -m venv .venv-oracles
	@echo "Installing into .venv-oracles, once…"
	@.venv-oracles/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# An environment of its own, so that no test depends on what schemathesis brings.
.venv-fuzz/installed: requirements/schemathesis.txt
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	@echo "Installing into .venv-fuzz, once…"
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
