# Blanko: personalization and printing station for the KTP-el. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
ARGS ?=
BENCH ?= .
KILLS ?= 1000
INGUEST ?= 20
SOAK ?= 100000
CARDS ?= 20
SEED ?= 1
ROOMS ?= ./...
LINT_VERSION := v2.15.0
# The commit stands in the programs where git knows it; elsewhere Go would fail to ask.
VCS := $(shell git status --porcelain >/dev/null 2>&1 && echo true || echo false)
# Without the paths of this folder in them, packages that were built in another are not built again.
export GOFLAGS := -buildvcs=false -trimpath
# SQLite is C turned into Go. Its memory lies outside the heap of Go, where the race detector sees nothing,
# so watching its instructions would cost two thirds of the time of the tests and show nothing. The codecs
# and rasters of Go's own library reckon on one goroutine; dot by dot they would cost half of the rest.
UNWATCHED := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory \
	compress/flate hash/adler32 hash/crc32 image image/color image/draw image/internal/imageutil image/jpeg image/png golang.org/x/image/...
RACE := -race $(UNWATCHED:%=-gcflags=%=-race=false)

# Tests of whole batches, which under the race detector are short: here they are whole, without it.
WHOLE := TestKilledAtEveryInstant|TestScenarios$$|TestSameSeedSameCards|TestRetransferBatch|TestDecodedPrintIsTheArtwork|TestNothingTellsAPerson

# Tests whose time goes into a guest or into pictures, and tells nothing more on another database.
ONCE := TestProductIsTorturedInGuest|TestEveryPage|TestCitizenWithATelephone

# Debian packages. gcc alone has no C headers (libc6-dev); ca-certificates are for the modules' download.
BUILD_NEEDS := gcc libc6-dev pkg-config libopenjp2-7-dev libpcsclite-dev libusb-1.0-0-dev ca-certificates
TEST_NEEDS := $(BUILD_NEEDS) openssl e2fsprogs iproute2 libopenjp2-tools pcscd pcsc-tools opensc libmrtd-dev libeac-dev libssl-dev cups-daemon cups-client cups-filters qemu-system-x86 seabios postgresql softhsm2 chromium libnss3
# Used by tests without being installed: a driver that opens ports where it is configured.
TEST_UNPACKED := vsmartcard-vpcd cups linux-image-amd64 busybox-static udev nut-server libupsclient6 libwrap0

# What is broken on purpose must be found by what it does wrong, or by what is lost: exit status 3, and no other failure.
FOUND := sh -c '"$$@"; [ $$? -eq 3 ]' found

.DEFAULT_GOAL := help

.PHONY: help run test soak torture powercut test-usb test-go build bench lint docs clean needs-build needs-test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

# Standard output belongs to the demo alone, so that --json can be piped.
run: build ## install what is missing, build, and make 24 cards in the virtual world (ARGS="--faults some --exit")
	@./bin/blanko-lab demo $(ARGS)

# Compilers and tests may take memory instead of time: a sixth of the time of the processor.
test: export GOGC := 400
test: export GOMEMLIMIT := 3GiB
test: needs-test ## install what the tests need and run all of them, with the race detector
	BLANKO_RIGS=all $(GO) test $(RACE) -ldflags=-w -count=1 -timeout 40m $(ROOMS)
	BLANKO_RIGS=all $(GO) test -ldflags=-w -count=1 -vet=off -timeout 30m -run '$(WHOLE)' ./trial
	BLANKO_RIGS=all BLANKO_DATABASE=postgres $(GO) test -ldflags=-w -count=1 -vet=off -timeout 30m -skip '$(ONCE)' ./registry/... ./jobs ./store ./web/... ./station

soak: build needs-test ## the long forms, which take hours: 100000 cards of one process, more seeds, more lives, every database with the race detector (SOAK=100000)
	./bin/blanko-lab soak --cards $(SOAK)
	BLANKO_SOAK=1 BLANKO_RIGS=all $(GO) test $(RACE) -count=1 -timeout 6h $(ROOMS)

torture: build needs-test ## kill stations at random instants, 1000 times on SQLite and 1000 times three on PostgreSQL, and blanko itself in QEMU (KILLS=1000 SEED=1 INGUEST=20)
	./bin/blanko-lab torture --kills $(KILLS) --seed $(SEED)
	./bin/blanko-lab torture --kills $(KILLS) --seed $(SEED) --db postgres --stations 3
	for b in prints-again feeds-without-counter calls-active-spoiled loses-quietly reads-no-withdrawal takes-its-line-back; do \
		$(FOUND) ./bin/blanko-lab torture --broken $$b --kills 400 --seed $(SEED) >/dev/null || exit 1; done
	$(FOUND) ./bin/blanko-lab torture --broken acts-before-it-intends --kills 400 --seed 2 >/dev/null
	$(FOUND) ./bin/blanko-lab torture --broken reads-no-withdrawal --kills 400 --seed $(SEED) --db postgres --stations 3 >/dev/null
	BLANKO_RIGS=usb BLANKO_KILLS=$(INGUEST) $(GO) test -count=1 -timeout 30m -run 'TestProductIsTorturedInGuest' ./station

powercut: build needs-test ## cut the power of a station's disk behind everything that the disk did, in QEMU (CARDS=20 SEED=1)
	./bin/blanko-lab powercut --cuts 0 --cards $(CARDS) --seed $(SEED)
	$(FOUND) ./bin/blanko-lab powercut --cuts 60 --seed $(SEED) --relaxed
	$(FOUND) ./bin/blanko-lab powercut --cuts 60 --seed $(SEED) --deaf

test-usb: needs-test ## the tests of USB alone: an emulated printer on a real kernel in QEMU
	BLANKO_RIGS=usb $(GO) test $(RACE) -count=1 -timeout 20m -run InGuest ./printer/...

test-go: ## the same tests without installing anything, but for those in QEMU; what is missing is skipped and named
	$(GO) test $(ROOMS)

build: needs-build ## bin/blanko (product) and bin/blanko-lab (product and virtual world)
	@echo "Building bin/blanko and bin/blanko-lab" >&2
	@$(GO) build -buildvcs=$(VCS) -o bin/blanko ./cmd/blanko
	@$(GO) build -buildvcs=$(VCS) -o bin/blanko-lab ./cmd/blanko-lab

bench: needs-build ## benchmarks (BENCH=HostCost ROOMS=./trial: what a card costs the computer)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem $(ROOMS)

lint: needs-build ## vet, format and the linters of .golangci.yml
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "not formatted:"; echo "$$bad"; exit 1; }
	$(GO) vet $(ROOMS)
	$(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) run $(ROOMS)

docs: ## draw the tables and diagrams of docs/architecture.md anew
	$(GO) test ./docs -update

clean: ## remove what building and running made
	rm -rf bin out

needs-build:
	@scripts/needs $(BUILD_NEEDS) >&2

needs-test:
	@scripts/needs $(TEST_NEEDS) >&2
	@scripts/unpack $(TEST_UNPACKED) >&2
