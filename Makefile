# Snug: make run, make test; make help lists every target.
# Every program is one file of cgi/main linked against one library of everything else, so a program holds just what it uses.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VARIANT ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
B := build/$(VARIANT)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wconversion \
	-Wvla -Wnull-dereference -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings -Werror
HARDENED := -fstack-protector-strong -fstack-clash-protection -fPIE
CFLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARDENED)
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -fPIE
CFLAGS_coverage := -O0 -g --coverage -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--gc-sections -Wl,--as-needed
LDFLAGS_asan := -pie -fsanitize=address,undefined
LDFLAGS_coverage := -pie --coverage
CPPFLAGS := -D_GNU_SOURCE -Icgi -Ibuild/gen
ALL_CFLAGS := -std=c17 $(WARNINGS) -ffunction-sections -fdata-sections $(CFLAGS_$(VARIANT)) $(CFLAGS)
LIBS := -lfcgi -lsqlite3 -lsodium -ljansson

SOURCES := $(sort $(shell find cgi -name '*.c'))
MAINS := $(filter cgi/main/%,$(SOURCES))
LIB_OBJECTS := $(patsubst %.c,$(B)/%.o,$(filter-out cgi/main/%,$(SOURCES)))
PROGRAMS := $(patsubst cgi/main/%.c,$(B)/bin/%,$(MAINS))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
GENERATED := build/gen/queries.h build/gen/queries.inc build/gen/migrations.inc

.PHONY: all programs unit fuzzers tools bench demo run test clean help
.SECONDARY:

all: programs ## build everything into build/, programs in build/bin
ifeq ($(VARIANT),release)
	@ln -sfn release/bin build/bin
endif

programs: $(PROGRAMS)
unit: $(UNIT_TESTS)
fuzzers: $(FUZZERS)

build/gen/queries.h build/gen/queries.inc &: tools/queries $(wildcard db/queries/*.sql)
	@mkdir -p build/gen
	@tools/queries build/gen $(sort $(wildcard db/queries/*.sql))

build/gen/migrations.inc: tools/migrations $(wildcard db/migrations/*.sql)
	@mkdir -p build/gen
	@tools/migrations build/gen $(sort $(wildcard db/migrations/*.sql))

$(B)/cgi/%.o: cgi/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/libsnug.a: $(LIB_OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(B)/bin/%: $(B)/cgi/main/%.o $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) $< $(B)/libsnug.a $(LIBS) -o $@

$(B)/tests/unit/%: tests/unit/%.c $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) -MMD -MP $< $(B)/libsnug.a $(LIBS) -lcmocka -o $@

# A fuzz target is LLVMFuzzerTestOneInput; here it is linked with a main that replays a corpus. make fuzz builds them for libFuzzer.
$(B)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) -MMD -MP $< tests/fuzz/replay.c $(B)/libsnug.a $(LIBS) -o $@

# What tests and the benchmark drive the programs with: no part of the product, so of one build only.
TOOLS := build/tools/seqpacket build/tools/load build/tools/constant build/tools/slowsync.so
tools: $(TOOLS)
vpath %.c tests/tools tools/bench

build/tools/%: %.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 $(WARNINGS) $(CFLAGS_release) -pie $< -lfcgi -o $@

build/tools/%.so: %.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 $(WARNINGS) $(CFLAGS_release) -fPIC -shared $< -ldl -o $@

bench: all tools ## measure against a handler that does nothing
	@node tools/bench/bench.mjs

demo: all ## fill a lively small workspace, into ADDRESS=http://… or an instance of its own
	@node tools/demo/demo.mjs $(ADDRESS)

clean: ## remove build/
	rm -rf build

help: ## list every target
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

-include $(shell find build/$(VARIANT) -name '*.d' 2>/dev/null)
