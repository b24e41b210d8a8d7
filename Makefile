# Needs git, make, a C compiler, curl, Rust and Python 3.11; everything else goes into .venv.

ARCH ?= arm64
F ?= consumer
E ?= events/sqs-order-created.json
PYTHON ?= python3
LAMBDAS := webhook consumer sync

VENV := .venv
TOOLS := $(VENV)/.installed
# Found first by cargo for `cargo lambda`, and by everything else for what it is called.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export CARGO_TARGET_DIR := $(CURDIR)/target
export SAM_CLI_TELEMETRY := 0

.PHONY: help setup lambdas demo test lint build validate invoke deploy clean
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(TOOLS)

$(TOOLS): requirements-tools.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements-tools.txt
	@touch $@

# The functions for this machine and quickly built, in the folders that the template deploys.
lambdas:
	cargo build --locked --profile ci $(LAMBDAS:%=--bin %) --bin ponte
	@$(foreach f,$(LAMBDAS),mkdir -p target/lambda/$f && cp target/ci/$f target/lambda/$f/bootstrap &&) true

demo: setup lambdas ## The main job, on this machine; KEEP=1 leaves it running
	target/ci/ponte demo $(if $(KEEP),--keep)

test: setup lambdas ## Every test
	cargo test --locked --workspace

lint: setup ## Formatting, lints, documentation and template
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	@$(MAKE) --no-print-directory validate

validate: setup ## The template alone
	cfn-lint template.yaml
	sam validate --lint

build: setup ## The functions as they are deployed; ARCH=arm64 or x86_64
	cargo lambda build --locked --release --$(subst _,-,$(ARCH)) --output-format binary $(LAMBDAS:%=--bin %)

invoke: setup lambdas ## One function with one event, F=consumer E=events/FILE.json, on the kept demo or an empty AWS
	target/ci/ponte invoke $(F) $(E)

deploy: build ## To your AWS account, PLATEFORM=https://… names the platform's API
	sam deploy --parameter-overrides Architecture=$(ARCH) PlateformBaseUrl=$(PLATEFORM)

clean: ## Removes what was built, installed and logged here
	rm -rf target $(VENV) .run
