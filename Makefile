# motcua. `make` lists the targets; `make run` and `make test` are all that a new machine needs.
SHELL       := /bin/sh
MAKEFLAGS   += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

GO          ?= go
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS     := -s -w -X main.version=$(VERSION)
# No -trimpath: build, vet and test then share one build cache. The container image sets it.
# The race detector needs a C compiler; without one the tests still run.
RACE        ?= $(shell command -v gcc >/dev/null 2>&1 && echo -race)
# What `make run` hands to `motcua dev`.
ARGS        ?=
TOOLS       := bin/.tools-$(shell $(GO) env GOVERSION)
# The Temporal server that tests start.
TEMPORAL    := MOTCUA_TEMPORAL_BIN=$(CURDIR)/bin/motcua-temporal
# Packages that start the whole (see `make e2e`); everything else is `make unit`.
WHOLE       := /test/

# Says which step runs. A step whose sources are not there yet says so and passes.
step = @printf '\n== %s\n' "$(1)"
has = ls $(1) >/dev/null 2>&1
absent = echo "   nothing yet: no $(1)"

# bin comes first: tools/npm.sh puts a node there where the machine has none that will do.
export PATH := $(CURDIR)/bin:$(PATH)

.PHONY: help run build test deps tools lint law vet unit workflowcheck e2e fmt generate generate-check bench load clean reset

help:
	@awk -F ':.*## ' '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## /{printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ use
run: deps build ## start everything on this machine: PostgreSQL, Temporal, API, worker, UI
	@./bin/motcua dev $(ARGS)

build: ## build bin/motcua and bin/motcua-temporal
	@mkdir -p bin
	@$(GO) build -ldflags '$(LDFLAGS)' -o bin/motcua ./cmd/motcua
	@cd docker/temporal && $(GO) build -ldflags '$(LDFLAGS)' -o ../../bin/motcua-temporal .

reset: ## stop what `make run` left behind and forget its data (./.motcua)
	@./tools/stop-postgres.sh .motcua
	@rm -rf .motcua

clean: ## remove what the build made (./bin)
	@rm -rf bin

##@ check
test: deps tools generate-check lint law vet workflowcheck openapi-lint unit e2e ## everything, from lint to the live stack

deps: ## install what the machine lacks (PostgreSQL's server programs)
	@./tools/deps.sh

lint: tools ## golangci-lint
	$(call step,lint)
	@./bin/golangci-lint run ./...
	@cd docker/temporal && ../../bin/golangci-lint run --config ../../.golangci.yml ./...
	@cd test/peers/calendar && ../../../bin/golangci-lint run --config ../../../.golangci.yml ./...
	@cd test/peers/issuer && ../../../bin/golangci-lint run --config ../../../.golangci.yml ./...

law: ## who may know whom (internal/arch)
	$(call step,law)
	@$(GO) test ./internal/arch

vet: ## go vet
	$(call step,vet)
	@$(GO) vet ./...
	@cd docker/temporal && $(GO) vet ./...
	@cd test/peers/issuer && $(GO) vet ./...

workflowcheck: tools ## determinism of workflow code
	$(call step,workflowcheck)
	@if $(call has,workflows/*.go); then ./bin/workflowcheck -config .workflowcheck.yml ./workflows/... && echo "   deterministic"; \
	else $(call absent,workflows/*.go); fi

openapi-lint: ## the OpenAPI document by an external linter (npm's @redocly/cli)
	$(call step,openapi-lint)
	@./tools/openapi/lint.sh "$(GO) run ./cmd/motcua openapi show"

unit: ## the tests of every room, with the race detector where there is a C compiler
	$(call step,unit tests$(if $(RACE), with the race detector))
	@$(MAKE) build # first, so that no test has to wait for the compiling of a Temporal server
	@packages=$$($(GO) list ./...) && $(TEMPORAL) $(GO) test $(RACE) -timeout 10m $$(echo "$$packages" | grep -v '$(WHOLE)')
	@cd docker/temporal && $(GO) test -timeout 10m ./...

e2e: ## the whole on real Temporal, real PostgreSQL and in a real browser (test/e2e)
	$(call step,end to end)
	@./tools/deps.sh tests
	@./tools/browser/install.sh
	@if $(call has,test/e2e/*.go); then $(MAKE) build && $(TEMPORAL) $(GO) test -count=1 -p 1 -timeout 15m ./test/e2e/...; \
	else $(call absent,test/e2e/*.go); fi

bench: ## Go benchmarks of the rooms
	@packages=$$($(GO) list ./...) && $(GO) test -run '^$$' -bench . -benchmem $$(echo "$$packages" | grep -v '$(WHOLE)')
	@cd test/peers/calendar && $(GO) test -run TestBoth -bench . -benchmem

load: deps build ## measure speed on the live stack (test/load); never part of `make test`
	@if $(call has,test/load/*.go); then $(GO) run ./test/load $(ARGS); else $(call absent,test/load/*.go); fi

##@ write
fmt: tools ## format Go and templ sources
	@./bin/golangci-lint fmt
	@if $(call has,api); then ./bin/templ fmt -log-level error api; fi

generate: tools ## generate Go from templ
	@if $(call has,api); then ./bin/templ generate -log-level error -path api; fi

generate-check: tools ## fail when generated files are behind their sources
	$(call step,generated files)
	@sums() { find . -path ./.motcua -prune -o -name '*_templ.go' -type f -exec sha256sum {} + | sort -k 2; }; \
	before=$$(sums); $(MAKE) generate; after=$$(sums); \
	if [ "$$before" != "$$after" ]; then echo "   they were behind and are written anew: look at the difference and commit it"; exit 1; fi; \
	echo "   in step"

tools: $(TOOLS) ## build the tools of tools/go.mod into ./bin

$(TOOLS): tools/go.mod tools/go.sum
	@echo "tools: building golangci-lint, workflowcheck and templ (some minutes the first time)"
	@mkdir -p bin && rm -f bin/.tools-*
	@cd tools && $(GO) build -ldflags '-s -w' -o ../bin/ tool
	@touch $@
