# Blanko: personalization and printing station for the KTP-el. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
ARGS ?=
BENCH ?= .
export GOFLAGS := -buildvcs=false

.DEFAULT_GOAL := help

.PHONY: help run test test-go build bench lint floors clean needs-build needs-test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

run: needs-build build ## install what is missing, build, and make 24 cards in the virtual world (ARGS="--cards 200 --exit")
	./bin/blanko-lab demo $(ARGS)

test: needs-test ## install what the tests need and run all of them, with the race detector
	BLANKO_RIGS=all $(GO) test -race -count=1 -timeout 20m ./...

test-go: ## the same tests without installing anything; what is missing is skipped and named
	$(GO) test ./...

build: needs-build ## bin/blanko (product) and bin/blanko-lab (product and virtual world)
	$(GO) build -trimpath -o bin/blanko ./cmd/blanko
	$(GO) build -trimpath -o bin/blanko-lab ./cmd/blanko-lab

bench: needs-build ## benchmarks (BENCH=regexp)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

lint: needs-build ## vet, format and the linters of .golangci.yml
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

clean: ## remove what building and running made
	rm -rf bin out

needs-build:
	@scripts/needs gcc pkg-config libopenjp2-7-dev

needs-test:
	@scripts/needs gcc pkg-config libopenjp2-7-dev openssl poppler-utils
