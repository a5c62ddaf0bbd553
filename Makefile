# What people and CI call. Each target says what it does while it does it; `make help` lists them.
#
# One cargo profile (release) serves demo, tests and benchmarks, so that Qt's bindings, the dear
# part of a first build, are compiled once.

SHELL := /bin/sh
CARGO ?= cargo
VENV ?= .venv
TARGET := $(or $(CARGO_TARGET_DIR),target)
BIN := $(TARGET)/release
QT_BIN ?= /usr/lib/qt6/bin
# Seconds that the crates' tests may take, many times what they need.
TEST_LIMIT ?= 1500
# ccache, where it is installed, makes a second build of the C++ side quick.
export PATH := /usr/lib/ccache:$(PATH)

.PHONY: help demo test bench deps build headless lint test-rust test-qml test-programs pictures clean

help:
	@echo 'make demo      build, open the window and show it a real video'
	@echo 'make test      run every test; installs what they need'
	@echo 'make build     build all programs into $(BIN)'
	@echo 'make headless  build what needs no Qt: opencv-sender, okno-relay, okno-catalog'
	@echo 'make bench     measure, and write the tables in docs/'
	@echo 'make deps      only install the packages that building and running need'
	@echo 'make pictures  make the pictures in docs/images anew'

deps:
	@tools/deps.sh build run
	@tools/check-rust.sh

build: deps
	@echo '== building; the first time takes about ten minutes'
	$(CARGO) build --release --locked --workspace --features okno-testkit/screen

headless:
	@tools/deps.sh headless
	@tools/check-rust.sh
	$(CARGO) build --release --locked -p opencv-sender -p okno-catalog -p okno-relay

demo: build
	@BIN=$(BIN) tools/demo.sh

pictures: build
	@tools/deps.sh test
	@tests/interop/make-venv.sh $(VENV)
	@BIN=$(BIN) PYTHON=$(VENV)/bin/python tools/pictures.sh

test: deps
	@tools/deps.sh test
	@$(MAKE) --no-print-directory lint test-rust test-qml test-programs
	@echo '== all tests passed'

lint:
	@echo '== lint: rustfmt, clippy, licences, file sizes'
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --workspace --all-targets -- -D warnings
	@tools/check-licences.py
	@tools/check-tree.sh

# Built first: what may hang is the tests, and they take minutes, not the build's half hour.
test-rust:
	@echo '== tests of the crates and of the programs alone'
	$(CARGO) test --release --locked --workspace --no-run
	@timeout --foreground --kill-after=10 $(TEST_LIMIT) $(CARGO) test --release --locked --workspace || { \
		code=$$?; [ $$code != 124 ] || echo 'The tests were ended after $(TEST_LIMIT) s: the last one named above hangs.' >&2; exit $$code; }

test-qml:
	@echo '== tests of the interface on mocks, and qmllint'
	@QT_BIN=$(QT_BIN) tests/qml/run.sh

test-programs: build
	@echo '== tests with real programs, windows and peers'
	@tests/interop/make-venv.sh $(VENV)
	$(CARGO) build --release --locked --workspace --features okno-testkit/screen --example classic-echo
	@OKNO_CLASSIC_BIN=$(BIN)/examples/classic-echo OKNO_BIN=$(BIN)/okno OKNO_SENDER_BIN=$(BIN)/opencv-sender OKNO_CATALOG_BIN=$(BIN)/okno-catalog OKNO_RELAY_BIN=$(BIN)/okno-relay \
		PYTHON=$(VENV)/bin/python tools/test-programs.sh

bench: build
	@tools/deps.sh test bench
	@tests/interop/make-venv.sh $(VENV)
	@BIN=$(BIN) VENV=$(VENV) bench/run.sh

clean:
	$(CARGO) clean
