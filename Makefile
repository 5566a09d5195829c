# All that a developer does with this project. `make` alone shows the list.
# Written for GNU make 3.81 and the tools of Debian, Ubuntu and macOS; needs Python 3.11 or newer, git and make only.

SHELL := /bin/sh
PY := .venv/bin/python
# Options for the command behind a target, such as: make demo ARGS=--help
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo ui test test-deep lint bench bench-quality bench-concurrency bench-ui lock setup setup-dev

help: ## show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

demo: setup ## five sample systems with known duplicates, scanned from files to golden records
	@.venv/bin/mdm demo $(ARGS)

ui: setup ## the desk for data stewards, in the browser
	@.venv/bin/mdm ui $(ARGS)

test: setup-dev ## every check that a change must pass, as CI runs it
	@$(PY) scripts/test.py all $(ARGS)

lint: setup-dev ## the quick checks alone: style, types, layers, dependencies, dead code
	@$(PY) scripts/test.py lint $(ARGS)

test-deep: setup-dev ## the night's checks: everything, the long runs and the quality floors too
	@$(PY) scripts/test.py deep $(ARGS)

bench: setup-dev ## how fast a scan is and how much memory it takes
	@$(PY) benchmarks/bench_scan.py $(ARGS)

bench-quality: setup-dev ## how well duplicates are found, on data with known answers
	@$(PY) benchmarks/bench_quality.py $(ARGS)

bench-concurrency: setup-dev ## how long stewards wait who decide while a scan is at work
	@$(PY) benchmarks/bench_concurrency.py $(ARGS)

bench-ui: setup-dev ## how fast the desk is on 200,000 customers, in a real browser
	@$(PY) benchmarks/bench_ui.py $(ARGS)

lock: setup-dev ## resolve the newest dependencies into the lock files
	@$(PY) scripts/lock.py

setup: ## make or renew the environment in .venv (the targets above do it by themselves)
	@sh scripts/bootstrap.sh run

setup-dev:
	@sh scripts/bootstrap.sh dev
