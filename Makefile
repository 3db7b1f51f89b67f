# `make` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help packages build test unit-test lab-test demo bench fuzz format lint clean

LAB := .build/debug/fedlab
FUZZ_SECONDS ?= 60

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

packages:
	@Scripts/install-debian-packages

build: packages ## build everything (debug)
	swift build

demo: build ## two real OVN clouds on this machine, federated, broken, explained and healed (root)
	$(LAB) run two-clouds

test: unit-test lab-test ## everything that must hold: unit tests, then the labs (root)

unit-test: packages ## the tests of every module, against real daemons where they can run (root)
	@mkdir -p .build; set -o pipefail; swift build --build-tests 2>&1 | tee .build/build.log
	@if grep -E '^$(CURDIR)/(Sources|Tests)/[^ ]*: warning:' .build/build.log; then echo 'warnings are errors here'; exit 1; fi
	Scripts/unit-tests

lab-test: build ## the lab scenarios: two-clouds and two-clouds-ha (root)
	$(LAB) run two-clouds
	$(LAB) run two-clouds-ha

bench: packages ## convergence and memory in the lab beside the incumbent's figures, release build (root)
	swift build -c release
	.build/release/fedlab bench two-clouds

fuzz: ## the decoders of foreign bytes, a minute each (FUZZ_SECONDS)
	Scripts/fuzz $(FUZZ_SECONDS)

format: ## swift format, in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## swift format, complaining only
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

clean: ## remove what was built
	rm -rf .build out
