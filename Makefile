# Needs git, make, a C compiler, Rust and Python 3.11 (fuzz: a C++ compiler); writes .venv, target, .run, and .tools for fuzz.

ARCH ?= arm64
F ?= consumer
E ?= events/sqs-orders.json
FUZZ ?=
FUZZ_SECONDS ?= 600
PYTHON ?= $(shell command -v python3.11 || echo python3)
LAMBDAS := webhook consumer sync
BINS := $(LAMBDAS:%=--bin %)
HOST := $(shell uname -m)-unknown-linux-gnu
TARGET := $(ARCH:arm64=aarch64)-unknown-linux-gnu

VENV := .venv
TOOLS := $(VENV)/.installed
CHAOS_seeds = $(if $(SEEDS),--seeds $(SEEDS))
CHAOS_orders = $(if $(ORDERS),--orders $(ORDERS))
CHAOS_seed = $(if $(SEED),--seed $(SEED))
CHAOS_only = $(if $(ONLY),--only $(ONLY))
CHAOS_without = $(if $(WITHOUT),--without $(WITHOUT))
CARGO_FUZZ := .tools/bin/cargo-fuzz
CARGO_FUZZ_VERSION := 0.13.2
MUTANTS := $(VENV)/bin/cargo-mutants
# Quick tests first; what survives them meets all.
MUTATE := env -u CARGO_TARGET_DIR nice cargo mutants --package domain --output target
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# The template takes the functions from here, wherever the caller lets cargo build.
export CARGO_TARGET_DIR := $(CURDIR)/target
export SAM_CLI_TELEMETRY := 0

.PHONY: help setup lambdas target demo test lint build validate invoke bench chaos fuzz mutants deploy clean
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: setup lambdas ## The main job, on this machine; KEEP=1 leaves it running
	cargo run --locked --quiet --profile ci --bin ponte -- demo $(if $(KEEP),--keep)

test: setup lambdas ## Every test
	cargo test --locked --workspace --no-fail-fast
	cargo test --locked --profile ci --package chaos --features planted-bugs --test planted

lint: validate ## Formatting, lints, documentation and template
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items

validate: setup ## The template alone
	cfn-lint template.yaml
	sam validate --lint

build: setup target ## The functions as they are deployed; ARCH=arm64 or x86_64
	cargo lambda build --locked --release --target $(TARGET) $(BINS)

invoke: setup lambdas ## One function with one event: F=consumer E=events/FILE.json, on a kept demo or a restaurant of its own
	cargo run --locked --quiet --profile ci --bin ponte -- invoke $(F) $(E)

bench: setup ## Sizes of the zips, and how fast webhook starts and answers on this machine
	cargo lambda build --locked --release --target $(HOST) --lambda-dir target/bench $(BINS)
	@$(foreach f,$(LAMBDAS),python -m zipfile -c target/bench/$f.zip target/bench/$f/bootstrap &&) wc -c target/bench/*.zip
	cargo run --locked --quiet --profile ci --bin ponte -- bench target/bench/webhook/bootstrap

chaos: ## A hundred thousand orders while everything goes wrong; SEEDS= ORDERS= for others, SEED= ONLY= WITHOUT= for one again
	cargo run --locked --quiet --profile ci --package chaos -- $(foreach option,seeds orders seed only without,$(CHAOS_$(option)))

fuzz: $(CARGO_FUZZ) ## Each fuzz target for FUZZ_SECONDS=600, or FUZZ=target alone; needs a C++ compiler
	fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ)

mutants: $(MUTANTS) ## Changes of the domain that no test notices; takes hours, see docs/mutants.md
	-PROPTEST_CASES=8 $(MUTATE) -- --lib -- --skip lifecycle::properties
	$(MUTATE) --iterate -- --lib

deploy: build ## To your AWS account; PLATEFORM=https://… is the platform's API
	sam deploy --parameter-overrides Architecture=$(ARCH) PlateformBaseUrl=$(PLATEFORM)

clean: ## Removes what was built, installed and logged here
	rm -rf target $(VENV) .tools .run

setup: $(TOOLS)

$(MUTANTS):
	cargo install --locked --root $(VENV) cargo-mutants@27.1.0

$(TOOLS): requirements-tools.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements-tools.txt
	@touch $@

$(CARGO_FUZZ): Makefile
	cargo install --locked --root .tools --target-dir target/tools --version $(CARGO_FUZZ_VERSION) cargo-fuzz
	@touch $@

# The functions for this machine, built quickly, where the template looks for them.
lambdas:
	cargo build --locked --profile ci $(BINS)
	@$(foreach f,$(LAMBDAS),mkdir -p target/lambda/$f && cp target/ci/$f target/lambda/$f/bootstrap &&) true

target:
	@test -d "$$(rustc --print target-libdir --target $(TARGET))" || rustup target add $(TARGET) || \
	  { echo "Rust has no standard library for $(TARGET) here: try ARCH=x86_64, or install it with rustup" >&2; exit 1; }
