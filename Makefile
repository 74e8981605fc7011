# SPDX-License-Identifier: MIT
# callflow: one Makefile. `make help` lists the targets; O= is the build folder.

VERSION := 0.1.0
O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
PYTHON ?= python3
MAKEFLAGS += --no-print-directory
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(patsubst $(O)/%,%,$@)')

# Build-time packages, then those that only tests and benchmarks use.
DEPS_BUILD := gcc make pkg-config libc6-dev libglib2.0-dev libsqlite3-dev libxml2-dev libcairo2-dev libpango1.0-dev \
	libdw-dev libelf-dev libiberty-dev libxxhash-dev zlib1g-dev libzstd-dev libcmark-gfm-dev libcmark-gfm-extensions-dev \
	libgit2-dev
# What the program runs when it is there: charts are drawn by gnuplot, functions are told by ctags.
DEPS_RUN := gnuplot-nox universal-ctags
DEPS_TEST := check mandoc git valgrind clang libclang-rt-14-dev python3 sqlite3 chromium linux-perf fonts-dejavu-core \
	perl librsvg2-bin graphviz python3-nbformat

LAYERS := core ingest store analyzers render pipelines cli
PKG_core := glib-2.0
PKG_ingest := glib-2.0 libdw libelf
PKG_store := glib-2.0 sqlite3
PKG_analyzers := glib-2.0
PKG_render := glib-2.0
PKG_pipelines := glib-2.0 libxxhash zlib libzstd
PKG_cli := glib-2.0
LIB_ingest := -liberty
LIB_pipelines := -lcmark-gfm-extensions -lcmark-gfm
LIB_core := -lm -ldl
# Compiled with, but loaded by the program itself when something needs them (core/library.h).
LOADED_ingest := libgit2 libxml-2.0
LOADED_render := pangocairo cairo-pdf libxml-2.0
# What a layer may be linked with: the layers below it.
BELOW_core :=
BELOW_ingest := core
BELOW_store := core
BELOW_analyzers := store core
BELOW_render := core
BELOW_pipelines := analyzers ingest render store core
BELOW_cli := pipelines analyzers ingest render store core

pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)
# Looked up once per layer, and only when something is built.
$(foreach l,$(LAYERS),$(eval PKGCFLAGS_$(l) = $$(eval PKGCFLAGS_$(l) := $$(call pkg,--cflags,$(PKG_$(l)) $(LOADED_$(l))))$$(PKGCFLAGS_$(l))))
$(foreach l,$(LAYERS),$(eval PKGLIBS_$(l) = $$(eval PKGLIBS_$(l) := $$(call pkg,--libs,$(PKG_$(l))) $(LIB_$(l)))$$(PKGLIBS_$(l))))
$(foreach l,$(LAYERS),$(eval LOADED_LIBS_$(l) = $$(eval LOADED_LIBS_$(l) := $$(call pkg,--libs,$(LOADED_$(l))))$$(LOADED_LIBS_$(l))))
CHECK_CFLAGS = $(eval CHECK_CFLAGS := $(call pkg,--cflags,check))$(CHECK_CFLAGS)
CHECK_LIBS = $(eval CHECK_LIBS := $(call pkg,--libs,check))$(CHECK_LIBS)

WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Wno-unused-parameter
BASE := -std=gnu11 -D_GNU_SOURCE -DCF_VERSION='"$(VERSION)"' -I. -I$(O) $(WARN) -MMD -MP
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fno-plt
SAN :=

SRC_core := $(wildcard core/*.c)
SRC_ingest := $(wildcard ingest/*.c ingest/*/*.c)
SRC_store := $(wildcard store/*.c)
SRC_analyzers := $(wildcard analyzers/*.c analyzers/*/*.c)
SRC_render := $(wildcard render/*.c)
SRC_pipelines := $(wildcard pipelines/*.c)
SRC_cli := $(wildcard cli/*.c)
HEADERS := $(wildcard core/*.h ingest/*.h ingest/*/*.h store/*.h analyzers/*.h analyzers/*/*.h render/*.h pipelines/*.h cli/*.h)
$(foreach l,$(LAYERS),$(eval OBJ_$(l) := $(SRC_$(l):%.c=$(O)/%.o)))
$(foreach l,$(LAYERS),$(eval ARCHIVE_$(l) := $(O)/lib$(l).a))

EMBED := $(wildcard store/schema/*.sql templates/html/* templates/notebook/* templates/reports/*.md templates/docs/*.md)
EMBEDDED := $(EMBED:%=$(O)/gen/%.inc)

UNIT_SRC := $(filter-out tests/unit/main.c,$(wildcard tests/unit/*.c))
UNIT := $(UNIT_SRC:tests/unit/%.c=$(O)/tests/unit/%)

all: $(O)/callflow ## build the program

$(O)/callflow: $(foreach l,$(LAYERS),$(ARCHIVE_$(l)))
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $(OBJ_cli) $(foreach l,$(BELOW_cli),$(ARCHIVE_$(l))) \
		-Wl,--as-needed -Wl,-z,relro $(foreach l,$(LAYERS),$(PKGLIBS_$(l)))

define layer_rules
$(O)/lib$(1).a: $(OBJ_$(1))
	$$(call say,AR)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
$(O)/$(1)/%.o: $(1)/%.c | $(EMBEDDED)
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D) && $(CC) $(BASE) $(HARDEN) $(CFLAGS) $(SAN) $$(PKGCFLAGS_$(1)) -c -o $$@ $$<
# A unit test is named LAYER_WHAT.c and is linked with that layer and those below it, so a wrong dependency doesn't link.
$(O)/tests/unit/$(1)_%.o: tests/unit/$(1)_%.c | $(EMBEDDED)
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) $$(PKGCFLAGS_$(1)) $$(foreach b,$(BELOW_$(1)),$$(PKGCFLAGS_$$(b))) \
		$$(CHECK_CFLAGS) -c -o $$@ $$<
$(O)/tests/unit/$(1)_%: $(O)/tests/unit/$(1)_%.o $(O)/tests/unit/main.o $(ARCHIVE_$(1)) $(foreach b,$(BELOW_$(1)),$(ARCHIVE_$(b)))
	$$(call say,TEST)
	$$(Q)$(CC) $(CFLAGS) $(SAN) -o $$@ $$(filter %.o %.a,$$^) -Wl,--as-needed $$(CHECK_LIBS) $$(LOADED_LIBS_$(1)) $$(PKGLIBS_$(1)) \
		$$(foreach b,$(BELOW_$(1)),$$(PKGLIBS_$$(b)))
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))
$(O)/tests/unit/main.o: tests/unit/main.c
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) $(PKGCFLAGS_core) $(CHECK_CFLAGS) -c -o $@ $<

# Text files become C string constants: #include "gen/..." inside an initialiser.
$(O)/gen/%.inc: %
	$(call say,EMBED)
	$(Q)mkdir -p $(@D) && sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\r/\\r/g' -e 's/.*/"&\\n"/' $< >$@

# What the scripts in tests/corpus ask for numbers.
ORACLE := $(patsubst tests/corpus/%.c,$(O)/tests/corpus/%,$(wildcard tests/corpus/*.c))
$(O)/tests/corpus/%: tests/corpus/%.c $(ARCHIVE_analyzers) $(ARCHIVE_store) $(ARCHIVE_core)
	$(call say,TEST)
	$(Q)mkdir -p $(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) $(PKGCFLAGS_analyzers) -o $@ $(filter %.c %.a,$^) -Wl,--as-needed \
		$(PKGLIBS_analyzers) $(PKGLIBS_store) $(PKGLIBS_core)

unit: $(UNIT) ## build and run the unit tests
	$(Q)tests/unit/run.sh $(UNIT)

# --- the two commands -------------------------------------------------------------------------------------------------

deps: ## install what building, charts and functions of repositories need (through apt)
	$(Q)$(call install,$(DEPS_BUILD) $(DEPS_RUN))
deps-test: ## install what the tests need as well
	$(Q)$(call install,$(DEPS_BUILD) $(DEPS_RUN) $(DEPS_TEST))

# Names the packages that are missing; installs them where apt is there, else says what is wanted.
define install
missing=; for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
[ -z "$$missing" ] && exit 0; \
if ! command -v apt-get >/dev/null; then \
	command -v dpkg-query >/dev/null || { $(CC) --version >/dev/null 2>&1 && pkg-config --exists $(sort $(foreach l,$(LAYERS),$(PKG_$(l)) $(LOADED_$(l)))) && exit 0; }; \
	echo "callflow needs these Debian packages, or what your system calls them:$$missing"; exit 1; fi; \
sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
[ -z "$$sudo" ] || command -v sudo >/dev/null || { echo "not root and no sudo: install these packages first:$$missing"; exit 1; }; \
echo "installing:$$missing"; \
{ $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } || \
	{ echo "apt-get failed; these packages are missing:$$missing"; exit 1; }
endef

DEMO := $(O)/demo
demo: deps ## build, ingest the recordings of the tree, write a report and say where it is
	$(Q)$(MAKE) -j2 all
	$(Q)rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(Q)$(O)/callflow --store $(DEMO)/callflow.db ingest --symfs tests/data/demo/symfs --kallsyms tests/data/demo/kallsyms \
		tests/data/demo/orders-switches.perf.data tests/data/demo/orders.perf.data
	$(Q)$(O)/callflow --store $(DEMO)/callflow.db top -n 7
	$(Q)$(O)/callflow --store $(DEMO)/callflow.db flamegraph -o $(DEMO)/flame.svg
	$(Q)$(O)/callflow --store $(DEMO)/callflow.db flamegraph -o $(DEMO)/flame.png
	$(Q)$(O)/callflow --store $(DEMO)/callflow.db report summary -o $(DEMO)/report.html
	$(Q)$(O)/callflow -q --store $(DEMO)/index.db ingest --symfs tests/data/compare/symfs-before tests/data/compare/before.perf.data \
		>/dev/null
	$(Q)$(O)/callflow -q --store $(DEMO)/index.db ingest --symfs tests/data/compare/symfs-after tests/data/compare/after.perf.data \
		>/dev/null
	$(Q)$(O)/callflow --store $(DEMO)/index.db report release -o $(DEMO)/release.html
	$(Q)$(O)/callflow -q --store $(DEMO)/shop.db ingest --name shop tests/data/traces/shop-1.json tests/data/traces/shop-2.json \
		>/dev/null
	$(Q)$(O)/callflow --store $(DEMO)/shop.db report architecture -o $(DEMO)/architecture.html
	$(Q)echo "the report is $(DEMO)/report.html, its flame graph alone $(DEMO)/flame.svg"
	$(Q)echo "a comparison is $(DEMO)/release.html, a system of services $(DEMO)/architecture.html"
	$(Q)echo "to go on from here: PATH=$(abspath $(O)):\$$PATH  (or make install), then: callflow help"

pictures: demo ## make the README's pictures from the demo's pages
	$(Q)O=$(O) man/pictures/make.sh

check: deps-test ## the same set-up, then every test
	$(Q)$(MAKE) -j2 all tests
	$(Q)O=$(O) tests/check.sh

tests: $(UNIT) $(ORACLE)

# --- variants ---------------------------------------------------------------------------------------------------------

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
asan: ## unit, command line and corpus tests under ASan and UBSan
	$(Q)$(MAKE) -j2 O=build-asan SAN='$(SANITIZE)' CFLAGS='-O1 -g' HARDEN= all tests
	$(Q)O=build-asan NO_FUZZ=1 NO_BROWSER=1 G_SLICE=always-malloc UBSAN_OPTIONS=print_stacktrace=1 \
		LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 tests/check.sh

valgrind: all tests ## unit tests and one whole run under memcheck
	$(Q)for t in $(UNIT); do CK_FORK=no G_SLICE=always-malloc valgrind -q --error-exitcode=9 --leak-check=full \
		--suppressions=tests/valgrind.supp \
		--errors-for-leak-kinds=definite $$t || exit 1; done
	$(Q)valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
		$(O)/callflow top tests/data/demo/orders.perf.data >/dev/null

FUZZ := $(patsubst tests/fuzz/%.c,$(O)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
fuzz: ## fuzz every parser for FUZZ_SECONDS each, from its corpus
	$(Q)tests/fuzz/run.sh
fuzz-targets:
	$(Q)$(MAKE) O=$(O) CC=clang SAN='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined' CFLAGS='-O1 -g' \
		HARDEN= fuzz-link
fuzz-link: $(FUZZ)
$(O)/tests/fuzz/%: tests/fuzz/%.c $(ARCHIVE_ingest) $(ARCHIVE_core)
	$(call say,FUZZ)
	$(Q)mkdir -p $(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) -fsanitize=fuzzer $(PKGCFLAGS_ingest) -Wno-missing-prototypes -o $@ $< \
		$(ARCHIVE_ingest) $(ARCHIVE_core) $(PKGLIBS_ingest) $(PKGLIBS_core)

$(O)/tests/bench/flame: tests/bench/flame.c $(ARCHIVE_render) $(ARCHIVE_core)
	$(call say,BENCH)
	$(Q)mkdir -p $(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) $(PKGCFLAGS_render) -o $@ $(filter %.c %.a,$^) -Wl,--as-needed \
		$(PKGLIBS_render) $(PKGLIBS_core)

bench: all $(O)/tests/bench/flame ## print CPU time against the peers, as ratios of one run
	$(Q)O=$(O) CC='$(CC)' tests/bench/run.py

coverage: ## line coverage of the unit and command line tests
	$(Q)$(MAKE) -j2 O=build-coverage SAN=--coverage CFLAGS='-O0 -g' HARDEN= all tests
	$(Q)O=build-coverage NO_FUZZ=1 NO_BROWSER=1 tests/check.sh
	$(Q)for l in $(LAYERS); do gcov -n $$(find build-coverage/$$l -name '*.gcda') 2>/dev/null | \
		awk -v l=$$l '/^File .*\// { own = index($$0, "\047" l "/") } own && /^Lines executed/ { split($$0, a, /[:%]| of /); hit += a[2] * a[4] / 100; all += a[4]; own = 0 } \
		END { if (all) printf "%-10s %5.1f %% of %d lines\n", l, 100 * hit / all, all }'; done

# --- sources ----------------------------------------------------------------------------------------------------------

SOURCES = $(shell git ls-files '*.c' '*.h' ':!tests/data')
lint: ## cppcheck, mandoc and the layer check
	$(Q)tests/layers.sh
	$(Q)O=$(O) tests/headers.sh
	$(Q)mandoc -Tlint -Wwarning man/*.[1-9]
	$(Q)! command -v cppcheck >/dev/null || cppcheck -q --std=c11 --enable=warning,portability --inline-suppr -I. -I$(O) \
		'-DG_GNUC_PRINTF(f,a)=' --suppress=missingInclude \
		--error-exitcode=1 $(LAYERS)
format: ## clang-format all sources
	$(Q)clang-format -i $(SOURCES)

DIST := callflow-$(VERSION)
dist: ## make the source archive
	$(Q)git archive --format=tar.gz --prefix=$(DIST)/ -o $(DIST).tar.gz HEAD && echo $(DIST).tar.gz
distcheck: dist ## build, test and install from the archive
	$(Q)rm -rf build-dist && mkdir build-dist && tar -xzf $(DIST).tar.gz -C build-dist
	$(Q)$(MAKE) -C build-dist/$(DIST) -j2 O=build all tests
	$(Q)cd build-dist/$(DIST) && O=build NO_FUZZ=1 NO_BROWSER=1 CF_SHARED=$(abspath ../shared) tests/check.sh
	$(Q)$(MAKE) -C build-dist/$(DIST) O=build DESTDIR=$(abspath build-dist)/root install
	$(Q)build-dist/root$(PREFIX)/bin/callflow --version
	$(Q)$(MAKE) -C build-dist/$(DIST) O=build DESTDIR=$(abspath build-dist)/root uninstall
	$(Q)[ -z "$$(find build-dist/root -type f)" ] && echo "distcheck: fine"

install: all ## install program and manual (DESTDIR, PREFIX)
	$(Q)install -D -m 755 $(O)/callflow $(DESTDIR)$(PREFIX)/bin/callflow
	$(Q)for page in man/*.[1-9]; do install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; done
uninstall: ## remove what install put there
	$(Q)rm -f $(DESTDIR)$(PREFIX)/bin/callflow
	$(Q)for page in man/*.[1-9]; do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

help: ## list the targets
	$(Q)grep -hE '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -e 's/:.*## /\t/' | expand -t 14

clean: ## remove the build folders
	$(Q)rm -rf build build-asan build-fuzz build-coverage build-dist $(O)

.PHONY: all unit deps deps-test demo pictures check tests asan valgrind fuzz fuzz-targets fuzz-link bench coverage lint format dist \
	distcheck install uninstall help clean
.DELETE_ON_ERROR:
.SECONDARY: $(EMBEDDED) $(UNIT:=.o)
-include $(shell [ -d $(O) ] && find $(O) -name '*.d')
