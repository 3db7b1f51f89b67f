# `make` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help dependencies build build-tests test unit-test neutron-test neutron-bench lab-test lab openstack faults demo bench packages kolla fuzz format lint protos check-protos clean
# What `make test` is made of goes in the order it is written in, also with -j.
.NOTPARALLEL:

LAB := .build/debug/fedlab
FUZZ_SECONDS ?= 60

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

dependencies:
	@Scripts/install-debian-packages

build: dependencies ## build everything (debug)
	swift build

demo: build ## two real OVN clouds on this machine, federated, broken, explained and healed (root)
	$(LAB) run two-clouds

test: lint check-protos unit-test neutron-test lab-test ## everything that must hold: form, generated code, unit tests, the Neutron driver's tests, then the labs (root)

# With the tests come the programs; `swift build` besides would build much of it again, for other flags.
build-tests: dependencies
	@mkdir -p .build; set -o pipefail; swift build --build-tests 2>&1 | tee .build/build.log
	@if grep -E '^$(CURDIR)/(Sources|Tests)/[^ ]*: warning:' .build/build.log; then echo 'warnings are errors here'; exit 1; fi

unit-test: build-tests ## the tests of every module, against real daemons where they can run (root)
	Scripts/unit-tests

neutron-test: ## the Neutron driver's tests: real Neutron plugins on a real northbound database (root, to install what is missing)
	Scripts/neutron-tests

neutron-bench: ## what associations and repairs of the Neutron driver cost with 10,000 ports (root, to install what is missing)
	Scripts/neutron-tests -n 0 -s --timeout 600 networking_ovn_federation/tests/bench

# The aims are those of a machine of one's own: a timed check fails here after three times its aim, and says when it misses it.
lab-test: build-tests ## the fast ones of the topologies, raised and judged: some fifteen minutes (root)
	@for name in $$($(LAB) list --fast); do echo; $(LAB) run $$name --patience 3 || exit 1; done

lab: build-tests ## every topology that has a lab.yaml, raised and judged: some fifty minutes (root)
	@failed=; for name in $$($(LAB) list); do echo; $(LAB) run $$name --patience 3 || failed="$$failed $$name"; done; \
	[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

openstack: build ## two clouds, each with a real Keystone and Neutron; tenants join by the openstack command (root; installs MariaDB and Python packages)
	Scripts/openstack

faults: build-tests ## every fault of every faults.yaml, judged by packets; writes docs/verify.md (root, about an hour and a half)
	@failed=; for file in topologies/*/faults.yaml; do name=$$(basename $$(dirname $$file)); echo; \
	$(LAB) faults $$name --patience 2 --report docs/verify.md || failed="$$failed $$name"; done; \
	[ -z "$$failed" ] || { echo "verdicts that were not right:$$failed"; exit 1; }

bench: dependencies ## compiling, planning and committing at scale; convergence and memory in the lab beside the figures of ovn-bgp-agent 7.0.0; release build (root)
	for product in fedbench fedlab fedlab-xstate fed-agent fed-coordinator fedctl; do swift build -c release --product $$product || exit 1; done
	.build/release/fedbench compile
	.build/release/fedbench plan
	.build/release/fedbench commit
	.build/release/fedbench verify
	.build/release/fedbench isolation
	.build/release/fedbench probes
	kernel=$$(Scripts/build-uml-kernel) && .build/release/fedlab bench two-clouds --kernel "$$kernel"

packages: ## Debian packages in out/packages, the programs static; installed, upgraded and purged in a clean Debian 12 (root, a release build and three minutes)
	Scripts/build-packages
	packaging/tests/packages

# The images are made of the packages.
kolla: ## the role for Kolla, its images and containers: every host's files, deployments, real agents and a coordinator (root, some eight minutes)
	ls out/packages/*.deb >/dev/null 2>&1 || Scripts/build-packages
	environment=$$(Scripts/kolla-environment) && OVN_FEDERATION_KOLLA=$$environment $$environment/bin/python -B -m pytest -p no:cacheprovider -ra packaging/kolla/tests

fuzz: ## the decoders of foreign bytes, a minute each (FUZZ_SECONDS)
	Scripts/fuzz $(FUZZ_SECONDS)

format: ## swift format, in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## swift format, complaining only: part of `make test`
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

protos: dependencies ## Sources/FederationAPI/Generated from Protos, after a .proto was changed
	Scripts/generate-protos

check-protos: dependencies ## the committed generated code is what Protos gives: part of `make test`
	Scripts/generate-protos --check

clean: ## remove what was built
	rm -rf .build out
