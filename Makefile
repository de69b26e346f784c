# Every target prepares what it needs by itself (.ci/bootstrap makes .venv); `make help` explains them.
.DEFAULT_GOAL := help
.PHONY: help run stop test check bench bench-ansible sim mutants docs test-root test-long test-cores clean
MAKEFLAGS += --no-print-directory

PYTHON_VENV := .venv/bin/python
RING ?= all
DETACH ?=
SEED ?= 3
SAMPLE ?= 300
ROUNDS ?= 3
ROWS ?=
TESTS ?=

help: ## Say what each target does
	@echo "Usage: make TARGET"
	@while IFS= read -r line; do case "$$line" in \
	  [a-z]*": ## "*) printf '  %-13s %s\n' "$${line%%:*}" "$${line#*"## "}";; \
	esac; done < Makefile

run: ## Install what the demo needs, start a controller and run the monthly backup on three SSH hosts of this machine, until Ctrl-C; DETACH=1: in the background
	@.ci/bootstrap run
	@DETACH=$(DETACH) $(PYTHON_VENV) playbooks/monthly_backup/demo.py

stop: ## End the controller and the hosts that make run DETACH=1 has left
	@[ ! -x $(PYTHON_VENV) ] || $(PYTHON_VENV) playbooks/monthly_backup/demo.py stop

test: ## Run rings 1-3 and end with one total; RING=core|parts|journeys runs one of them
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py $(RING)

check: ## Format, ruff, mypy, import contracts, docs and the rules of style (about a minute)
	@.ci/bootstrap check
	@$(PYTHON_VENV) .ci/check.py

bench: ## Run the benchmarks of tests/benchmarks and print ratios against references
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py bench

bench-ansible: ## Compare unit jobs, warm and cold, with plain Ansible; ROUNDS=3, ROWS="command debug ssh network throughput cancel shim"
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py bench ansible --rounds $(ROUNDS) $(ROWS)

sim: ## Run the simulation of tests/simulation
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py sim

mutants: ## Change the core at random, one spot at a time, and see which test fails; SEED= and SAMPLE= (about 45 min)
	@.ci/bootstrap mutants
	@$(PYTHON_VENV) -m tests.mutation --seed $(SEED) --sample $(SAMPLE)

docs: ## Build the documentation into site/ (strict: a broken link stops it)
	@.ci/bootstrap check
	@$(PYTHON_VENV) .ci/errors_page.py
	@$(PYTHON_VENV) .ci/openapi_page.py
	@NO_MKDOCS_2_WARNING=1 $(PYTHON_VENV) -m mkdocs build --strict --quiet --config-file - < docs/mkdocs.yml
	@echo "Open site/index.html"

test-root: ## Run the tests that need root (ring 4)
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py root

test-long: ## Run the tests that take long (they are not part of make test)
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/rings.py long

test-cores: ## Run the tests of jobs with each ansible-core that is admitted (long; passes over those that want a newer Python); TESTS=tests/execution/warm
	@.ci/bootstrap test
	@$(PYTHON_VENV) .ci/cores.py $(TESTS)

clean: ## Remove everything that make has built or installed in this folder
	@rm -rf .venv .make build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
