# make help tells what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The targets of one `make test` would fight for processor and cargo's lock.
.NOTPARALLEL:

# Where .ci/install puts a newer Node than the system's, if it must.
export PATH := $(CURDIR)/target/node/bin:$(PATH)

CONFIG ?= config/yizhan.toml
pages := $(shell find web/src web/public web/index.html web/vite.config.ts web/dev/compress.ts -type f 2>/dev/null)
check test lint: export RUSTC_WORKSPACE_WRAPPER := $(CURDIR)/.ci/rustc
# The two programs as the tests build them: `cargo build` would build half of the dependencies a second time, without the tests' features.
programs := cargo test --quiet --no-run --test layers
node_modules := web/node_modules/.package-lock.json

##@ Running
.PHONY: run
run: install-run web ## install what is missing, build, and start with a demonstration channel
	cargo build --release --bins
	exec target/release/yizhan serve --demo --config $(CONFIG)

.PHONY: dev
dev: install-run $(node_modules) ## the server (debug build, demonstration) and the pages with hot reload on http://localhost:5173
	cargo build --bins
	trap 'kill 0' EXIT; target/debug/yizhan serve --demo --config $(CONFIG) & cd web && npm run dev

##@ Testing
.PHONY: test
test: install-test format lint web-check types-fresh rust-test browser captures ## everything: checks, tests, the pages in a browser

.PHONY: check
check: install-test format lint layers web-check types-fresh ## format, lints, layers, stale files, types, page budget

.PHONY: bench
bench: install-bench ## measure side by side with peers; rows go to target/bench.json
	cargo bench --bench side_by_side

##@ Generated files
.PHONY: config
config: install-run ## write config/yizhan.toml anew from the defaults in src/config
	cargo run --quiet --bin yizhan -- config > target/yizhan.toml
	mv target/yizhan.toml config/yizhan.toml

.PHONY: types
types: install-run $(node_modules) target/openapi.json ## write the pages' types anew from the API's description
	cd web && npm run --silent types

.PHONY: web
web: install-run web/dist/index.html ## build the pages

# --- the steps -----------------------------------------------------------------------------------------------------------------

.PHONY: install-run install-test install-bench
install-run install-test install-bench: install-%:
	@.ci/install $*

$(node_modules): web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

# The server carries the pages inside; the touch tells cargo that they changed.
web/dist/index.html: $(node_modules) $(pages)
	cd web && npm run --silent build
	touch $@ src/http/web.rs

.PHONY: target/openapi.json
target/openapi.json:
	@mkdir -p target
	$(programs)
	target/debug/yizhan openapi > $@

.PHONY: format lint layers rust-test
format:
	cargo fmt --check
lint: web/dist/index.html
	cargo test --quiet --no-run --all-targets
	shellcheck config/venue/yizhan-venue
layers:
	cargo test --quiet --test layers
	cargo test --quiet --lib config::
# The pages are inside the server, and the tests look at them.
rust-test: web/dist/index.html
	cargo test --no-fail-fast

.PHONY: web-check types-fresh
web-check: web/dist/index.html
	cd web && npx tsc -b && npx eslint . && npx vitest run && npm run --silent size
types-fresh: $(node_modules) target/openapi.json
	cp web/src/api/schema.ts target/schema.ts
	cd web && npm run --silent types
	@cmp -s target/schema.ts web/src/api/schema.ts || { echo "web/src/api/schema.ts was stale and has been written anew" >&2; exit 1; }

.PHONY: browser
browser: web/dist/index.html ## every page in a browser, before a server of its own
	$(programs)
	.ci/with-server npm --prefix web run --silent e2e

# Tests make their own material; the captures of real broadcasts come on top where they are.
.PHONY: captures
captures:
	@folder=$${YIZHAN_TEST_DATA:-../shared/data}/broadcast; \
	if [[ -d $$folder ]]; then echo "captures: tests used those in $$folder"; \
	elif [[ "$${CI:-}" == true ]]; then echo "captures: $$folder is not there, and CI=true: this counts as a failure" >&2; exit 1; \
	else echo "captures: $$folder is not there; tests used only material of their own"; fi

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
