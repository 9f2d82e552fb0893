# Every command of the project. `make` alone lists them.

SHELL := /bin/bash
# rustup's cargo and the project's own tools before any other of the same name
export PATH := $(CURDIR)/.tools/bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
step := @scripts/step

.DEFAULT_GOAL := help
.PHONY: help run test lint vectors numbers lives simulate faults kills bench bench-storage bench-sync size weight screenshots setup wasm web types format fuzz

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build everything and serve page and API on http://127.0.0.1:8080 (DEMO=1: with sample orders)
	$(step) "set-up" scripts/setup run
	$(step) "rules for the browser" scripts/build-wasm
	$(step) "page" scripts/build-web
	$(step) "server" cargo build --quiet --release --package orderkit-server
	@exec target/release/orderkit serve --open-sign-in --data data $(if $(DEMO),--demo)

test: ## everything that must hold: lint, Rust, wasm in Chromium, TypeScript, sizes, the page end to end
	$(step) "set-up" scripts/setup test
	@$(MAKE) --no-print-directory lint
	$(step) "Rust tests" cargo test --quiet --workspace
	$(step) "fuzz targets, shortly" scripts/fuzz 3
	$(step) "wasm tests in Chromium" scripts/test-wasm
	$(step) "TypeScript tests" npm test --silent --workspaces --if-present
	@$(MAKE) --no-print-directory size
	$(step) "server for the page tests" cargo build --quiet --package orderkit-server
	$(step) "OpenAPI document" node tests/openapi/validate.mjs --binary=target/debug/orderkit
	$(step) "parity of all ways" node tests/parity/parity.mjs 1000 --binary=target/debug/orderkit
	$(step) "page tests in Chromium" npm run --silent e2e

lint: web ## formatting, clippy, ESLint, type checks, licences of dependencies
	$(step) "Rust formatting" cargo fmt --all --check
	$(step) "clippy" cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings
	$(step) "clippy for the browser" scripts/lint-wasm
	$(step) "ESLint and Prettier" npm run --silent lint
	$(step) "type checks of the page" npm run --silent check --workspace app
	$(step) "type checks of its tests" tsc --noEmit --project tests/browser
	$(step) "cargo-deny" scripts/setup lint
	$(step) "licences of dependencies" scripts/licences

vectors: ## only the test cases that nobody here wrote (VERBOSE=1: each one that is not reproduced)
	@cargo run --quiet --example vectors -- --emit target/vectors-calls.json
	@code=0; [ ! -f www/orderkit/wasm/orderkit_bg.wasm ] || node tests/parity/vectors.mjs target/vectors-calls.json || code=1; \
	cargo run --quiet --example vectors && exit $$code

numbers: ## a year of order numbers on 50 devices, and chances of repeats beside what happens (docs/numbering.md)
	@cargo run --quiet --profile test --example numbers

lives: ## 100,000 random lives with part cancellations and returns (LIVES=n): what goes back is what was paid
	@LIVES=$(or $(LIVES),100000) cargo test --quiet --release --package orderkit --test returns any_life -- --nocapture

simulate: ## whole shops under seeded faults (SEEDS=n, FROM=n; SEED=n tells one): what was lost, doubled or different
	@cargo run --quiet --release --package orderkit-simulation -- $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),10000) --from $(or $(FROM),0))

faults: ## run everything that is named after a fault, in all places, and print which of the 46 are shown (docs/faults.md)
	@node scripts/faults.mjs $(if $(ONLY),--only=$(ONLY)) $(if $(SECONDS),--seconds=$(SECONDS))

kills: ## kill the server ROUNDS times (200) while clients work, on a file and on PostgreSQL: nothing lost, nothing doubled
	@ROUNDS=$(or $(ROUNDS),200) cargo test --quiet --package orderkit-server --test postgres_kills -- --nocapture | grep -a '^kills'
	@ROUNDS=$(or $(ROUNDS),200) cargo test --quiet --package orderkit-server --test kills again_and_again -- --nocapture | grep -a '^kills'

fuzz: ## feed readers with bytes that nobody wrote, each for so long (SECONDS=60)
	@scripts/fuzz $(or $(SECONDS),60)

bench: web ## measure speed, beside the limits (ORDERKIT_PEERS=<folder of peer benchmarks>: and beside the peers)
	$(step) "rules, native" cargo bench --quiet --package orderkit --bench allocation --bench quote
	$(step) "package, in wasm" npm run --silent bench

bench-storage: web ## the store in the browser beside its peers (ORDERKIT_PEERS=<folder>, ORDERS=10000, ROUNDS=3, PEERS=dexie,idb)
	$(step) "release server" cargo build --quiet --release --package orderkit-server
	@node benches/storage/run.mjs --orders=$(or $(ORDERS),10000) $(if $(ROUNDS),--rounds=$(ROUNDS)) $(if $(PEERS),--peers=$(PEERS))

bench-sync: web ## sending and fetching orders beside the peers, with the bytes that cross (the same settings)
	$(step) "release server" cargo build --quiet --release --package orderkit-server
	@node benches/sync/run.mjs --orders=$(or $(ORDERS),10000) $(if $(ROUNDS),--rounds=$(ROUNDS)) $(if $(PEERS),--peers=$(PEERS))

size: wasm ## size of what a browser downloads, beside its limits
	$(step) "sizes" node scripts/size.mjs

weight: wasm ## what makes the wasm module heavy: bytes by origin, the heaviest functions
	@node scripts/wasm-weight.mjs

screenshots: web ## pictures of the page, in docs/screenshots
	$(step) "set-up" scripts/setup test
	$(step) "server" cargo build --quiet --package orderkit-server
	$(step) "screenshots" node tests/browser/screenshots.mjs

format: ## format Rust, TypeScript and Svelte
	cargo fmt --all
	npm run --silent format

setup: ## install what `make run` needs and is missing
	@scripts/setup run

wasm: setup ## the rules for the browser, in www/orderkit/wasm
	$(step) "rules for the browser" scripts/build-wasm

web: wasm ## the npm package and the page
	$(step) "page" scripts/build-web

types: setup ## TypeScript types and JSON Schema from the Rust types
	npm run --silent types --workspace orderkit
