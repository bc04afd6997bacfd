# The front door. `make sim` and `make test` need Node 20 and make, nothing else.
# What is built lands in build/, kept by content: what has not changed is not built again.

CRICKET := node tools/bin/cricket.js
# Only for `make models`.
PYTHON ?= python3.11

# make fuzz: how long, or a finding to run again.
SECONDS ?= 60

.PHONY: help sim build test lint typecheck size bench bench-kernel fuzz package models models-search models-compress clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

# npm writes this file last, so it is there only when the installation is whole.
node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-progress --loglevel=error
	@touch $@

sim: node_modules/.package-lock.json ## the agent on the demo recordings: what it hears and feels
	@$(CRICKET) build
	@$(CRICKET) sim --audio models/demo/words.wav --vibration models/demo/machine.wav --config models/demo/config.json

build: node_modules/.package-lock.json ## the firmware image of the twin
	@$(CRICKET) build

test: node_modules/.package-lock.json ## every test that needs no cross toolchain
	@npx vitest run $(VITEST)

lint: node_modules/.package-lock.json ## the linter and the formatter's check
	@npm run --silent lint

typecheck: node_modules/.package-lock.json ## TypeScript's types, of the host's code and the device's
	@npm run --silent typecheck

size: node_modules/.package-lock.json ## flash and RAM of the image, part by part
	@$(CRICKET) size --board wasm

bench: node_modules/.package-lock.json ## measures, and writes docs/figures.md, docs/kernel.md and docs/conformance.md
	@node --import tsx tools/build/figures.ts
	@node --import tsx tools/build/kernel-figures.ts
	@node --import tsx test/native/tflm/write_figures.ts

bench-kernel: node_modules/.package-lock.json ## instructions of one inference: BOARD=mps2-an386|riscv-virt MODEL=path... PROFILE=1 SIZE=1
	@node --import tsx tools/bench-kernel.ts $(or $(BOARD),mps2-an386) $(MODEL) $(if $(PROFILE),--profile) $(if $(SIZE),--size)

fuzz: node_modules/.package-lock.json ## hostile models against the kernel: SECONDS=60, or FINDING=path (needs clang)
	@node --import tsx tools/build/fuzz.ts --seconds $(SECONDS) $(if $(FINDING),--finding $(FINDING))

package: node_modules/.package-lock.json ## the npm package tflite-micro-wasm, as build/*.tgz
	@mkdir -p build && cd host-sim/tflite-micro-wasm && npm pack --silent --pack-destination ../../build

.venv/bin/cricket-train: models/training/requirements.lock models/training/pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet -r models/training/requirements.lock
	.venv/bin/pip install --quiet --no-deps --editable models/training
	@touch $@

# The keyword model and the demo come first: what is evaluated is what `make sim` plays.
models: node_modules/.package-lock.json .venv/bin/cricket-train ## trains the models anew (hours; see models/training/README.md)
	.venv/bin/cricket-train keyword
	.venv/bin/cricket-train vibration
	.venv/bin/cricket-train demo
	.venv/bin/cricket-train evaluate keyword
	.venv/bin/cricket-train evaluate vibration
	.venv/bin/cricket-train card

models-search: node_modules/.package-lock.json .venv/bin/cricket-train ## looks for a better keyword network: MINUTES=60, RUN=name goes on with a run
	.venv/bin/cricket-train search --docs --minutes $(or $(MINUTES),60) --trials 10000 $(if $(RUN),--run $(RUN))

models-compress: node_modules/.package-lock.json .venv/bin/cricket-train ## the keyword network made smaller in every way, in a table
	.venv/bin/cricket-train compress --docs

clean: ## removes what was built
	rm -rf build
