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
	libdw-dev libelf-dev libiberty-dev libxxhash-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
DEPS_TEST := check mandoc git valgrind clang libclang-rt-14-dev python3 sqlite3 chromium linux-perf fonts-dejavu-core \
	perl librsvg2-bin

LAYERS := core ingest store analyzers render pipelines cli
PKG_core := glib-2.0
PKG_ingest := glib-2.0 libdw libelf
PKG_store := glib-2.0 sqlite3
PKG_analyzers := glib-2.0
PKG_render := glib-2.0 pangocairo cairo-pdf libxml-2.0
PKG_pipelines := glib-2.0 libxxhash
PKG_cli := glib-2.0
LIB_ingest := -liberty
LIB_pipelines := -lcmark-gfm-extensions -lcmark-gfm
LIB_core := -lm
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
$(foreach l,$(LAYERS),$(eval PKGCFLAGS_$(l) = $$(eval PKGCFLAGS_$(l) := $$(call pkg,--cflags,$(PKG_$(l))))$$(PKGCFLAGS_$(l))))
$(foreach l,$(LAYERS),$(eval PKGLIBS_$(l) = $$(eval PKGLIBS_$(l) := $$(call pkg,--libs,$(PKG_$(l))) $(LIB_$(l)))$$(PKGLIBS_$(l))))

WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Wno-unused-parameter
BASE := -std=gnu11 -D_GNU_SOURCE -DCF_VERSION='"$(VERSION)"' -I. -I$(O)/gen $(WARN) -MMD -MP
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

EMBED := $(wildcard store/schema/*.sql templates/html/* templates/reports/*.md)
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
$(O)/tests/unit/$(1)_%: tests/unit/$(1)_%.c tests/unit/main.c $(ARCHIVE_$(1)) $(foreach b,$(BELOW_$(1)),$(ARCHIVE_$(b)))
	$$(call say,TEST)
	$$(Q)mkdir -p $$(@D) && $(CC) $(BASE) $(CFLAGS) $(SAN) $$(PKGCFLAGS_$(1)) $$(foreach b,$(BELOW_$(1)),$$(PKGCFLAGS_$$(b))) \
		$$(call pkg,--cflags,check) -o $$@ $$(filter %.c %.a,$$^) -Wl,--as-needed $$(call pkg,--libs,check) \
		$$(PKGLIBS_$(1)) $$(foreach b,$(BELOW_$(1)),$$(PKGLIBS_$$(b)))
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))

# Text files become C string constants: #include "gen/..." inside an initialiser.
$(O)/gen/%.inc: %
	$(call say,EMBED)
	$(Q)mkdir -p $(@D) && sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\r/\\r/g' -e 's/.*/"&\\n"/' $< >$@

unit: $(UNIT) ## build and run the unit tests
	$(Q)tests/unit/run.sh $(UNIT)

help: ## list the targets
	$(Q)grep -hE '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -e 's/:.*## /\t/' | expand -t 14

clean: ## remove the build folder
	$(Q)rm -rf $(O)

.PHONY: all unit help clean
.DELETE_ON_ERROR:
-include $(shell [ -d $(O) ] && find $(O) -name '*.d')
