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
JOBS := $(shell n=$$(nproc); echo $$((n < 8 ? n : 8)))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wconversion \
	-Wvla -Wnull-dereference -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings -Werror
HARDENED := -fstack-protector-strong -fstack-clash-protection -fPIE
# The tests are many programs, which are built once and run once: symbols enough for the sanitizers' reports (for a debugger:
# CFLAGS=-g), and the quicker linker where there is one.
QUICK_LINKER := $(if $(shell command -v ld.gold),-fuse-ld=gold)
CFLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARDENED)
CFLAGS_asan := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -fPIE
CFLAGS_coverage := -O0 -g --coverage -fPIE
CFLAGS_analyze := -O1 -fanalyzer -fPIE
CFLAGS_clang := -O1 -fPIE -Wno-gnu-zero-variadic-macro-arguments
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--gc-sections -Wl,--as-needed
LDFLAGS_asan := -pie -fsanitize=address,undefined $(QUICK_LINKER)
LDFLAGS_coverage := -pie --coverage
CPPFLAGS := -D_GNU_SOURCE -Icgi -Ibuild/gen
ALL_CFLAGS := -std=c17 $(WARNINGS) -ffunction-sections -fdata-sections $(CFLAGS_$(VARIANT)) $(CFLAGS)
LIBS := -lfcgi -lsqlite3 -lsodium -ljansson -loath -lqrencode -lmd4c -lcurl -lpng -lturbojpeg -lgif -lwebp -lwebpdemux -lmagic

SOURCES := $(sort $(shell find cgi -name '*.c'))
MAINS := $(filter cgi/main/%,$(SOURCES))
LIB_OBJECTS := $(patsubst %.c,$(B)/%.o,$(filter-out cgi/main/%,$(SOURCES)))
PROGRAMS := $(patsubst cgi/main/%.c,$(B)/bin/%,$(MAINS))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
GENERATED := build/gen/queries.h build/gen/queries.inc build/gen/migrations.inc build/gen/emoji.inc

.PHONY: all programs objects unit fuzzers libfuzzers tools bench bench-big demo run test format lint fuzz coverage clean help
.SECONDARY:

all: programs ## build everything into build/, programs in build/bin
ifeq ($(VARIANT),release)
	@ln -sfn release/bin build/bin
endif

programs: $(PROGRAMS)
objects: $(LIB_OBJECTS) $(patsubst cgi/main/%.c,$(B)/cgi/main/%.o,$(MAINS))
libfuzzers: $(patsubst tests/fuzz/%.c,$(B)/tests/libfuzzer/%,$(wildcard tests/fuzz/fuzz_*.c))
unit: $(UNIT_TESTS)
fuzzers: $(FUZZERS)

build/gen/queries.h build/gen/queries.inc &: tools/queries $(wildcard db/queries/*.sql)
	@mkdir -p build/gen
	@tools/queries build/gen $(sort $(wildcard db/queries/*.sql))

build/gen/migrations.inc: tools/migrations $(wildcard db/migrations/*.sql)
	@mkdir -p build/gen
	@tools/migrations build/gen $(sort $(wildcard db/migrations/*.sql))

# Debian's lists of emoji and of words for them.
UNICODE := /usr/share/unicode/emoji/emoji-test.txt /usr/share/unicode/cldr/common/annotations/en.xml
build/gen/emoji.inc build/gen/emoji_names.inc build/gen/emoji_list.inc build/gen/emoji.json &: tools/emoji tools/emoji_aliases $(UNICODE)
	@mkdir -p build/gen
	@tools/emoji build/gen tools/emoji_aliases $(UNICODE)

$(B)/cgi/%.o: cgi/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/libsnug.a: $(LIB_OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(B)/bin/%: $(B)/cgi/main/%.o $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) $< $(B)/libsnug.a $(LIBS) -o $@
	@chmod 755 $@ # whatever the mask: as root snug run starts them as other users

# What tests share: the files of tests/unit that are no test themselves.
TEST_HELPERS := $(patsubst %.c,$(B)/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))
$(B)/tests/unit/%.o: tests/unit/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/tests/libhelpers.a: $(TEST_HELPERS)
	@rm -f $@
	ar rcs $@ $^

$(B)/tests/unit/%: tests/unit/%.c $(B)/tests/libhelpers.a $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) -MMD -MP $< $(B)/tests/libhelpers.a $(B)/libsnug.a $(LIBS) -lcmocka -o $@

# A fuzz target is LLVMFuzzerTestOneInput; here it is linked with a main that replays a corpus. make fuzz builds them for libFuzzer.
$(B)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/tests/libhelpers.a $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(LDFLAGS_$(VARIANT)) -MMD -MP $(filter %.c %.a,$^) $(LIBS) -o $@

$(B)/tests/libfuzzer/%: tests/fuzz/%.c $(B)/tests/libhelpers.a $(B)/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -fsanitize=fuzzer $^ $(LIBS) -o $@

# What tests and the benchmark drive the programs with: no part of the product, so of one build only.
TOOLS := build/tools/seqpacket build/tools/load build/tools/constant build/tools/slowsync.so build/tools/generate
tools: $(TOOLS)
vpath %.c tests/tools tools/bench

build/tools/%: %.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 $(WARNINGS) $(CFLAGS_release) -pie $< -lfcgi -o $@

# Makes a large data set with the product's own code (tools/bench/big.mjs).
build/tools/generate: tools/bench/generate.c build/release/libsnug.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c17 $(WARNINGS) $(CFLAGS_release) $(LDFLAGS_release) $^ $(LIBS) -o $@

build/tools/%.so: %.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 $(WARNINGS) $(CFLAGS_release) -fPIC -shared $< -ldl -o $@

bench: all tools ## measure against a handler that does nothing
	@node tools/bench/bench.mjs

bench-big: all build/tools/generate ## the same questions at 10,000 and at 1,000,000 messages
	@node tools/bench/big.mjs

demo: all ## fill a lively small workspace, into ADDRESS=http://… or an instance of its own
	@tools/demo/demo $(ADDRESS)

DATA ?= data
LISTEN ?= 127.0.0.1:8080
run: ## install what is missing, build, and start (DATA=data LISTEN=127.0.0.1:8080)
	@tools/deps run
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@exec build/bin/snug run --data $(DATA) --listen $(LISTEN)

test: ## install what the tests need, build, and run all of them
	@tools/deps test
	@$(MAKE) --no-print-directory -s -j$(JOBS) all tools
	@$(MAKE) --no-print-directory -s -j$(JOBS) VARIANT=asan programs unit fuzzers
	@tests/run

FORMATTED = $(shell find cgi tests/unit tests/fuzz tests/tools tools -name '*.[ch]')
format: ## lay out the C sources as .clang-format says
	@tools/deps lint
	clang-format -i $(FORMATTED)

lint: ## layers, layout, gcc's and clang's analyzers, cppcheck
	@tools/deps lint
	tools/check-layers
	tools/check-style
	clang-format --dry-run -Werror $(FORMATTED)
	@$(MAKE) --no-print-directory -s VARIANT=analyze objects
	@$(MAKE) --no-print-directory -s VARIANT=clang CC=clang objects
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem -Icgi -Ibuild/gen cgi

# Seconds each target is fuzzed for.
FUZZ_SECONDS ?= 30
fuzz: ## fuzz every parser with libFuzzer, FUZZ_SECONDS=30 each
	@tools/deps lint
	@$(MAKE) --no-print-directory -s -j$(JOBS) VARIANT=fuzz CC=clang libfuzzers
	@for target in $(notdir $(FUZZERS)); do \
		corpus=build/corpus/$${target#fuzz_}; mkdir -p $$corpus; \
		build/fuzz/tests/libfuzzer/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
			-verbosity=0 $$corpus tests/fuzz/corpus/$${target#fuzz_} || exit 1; done

coverage: ## lines that the unit tests and fuzz corpora reach, as HTML in build/coverage
	@tools/deps lint
	@$(MAKE) --no-print-directory -s -j$(JOBS) VARIANT=coverage unit fuzzers
	@tests/run --variant coverage unit fuzz
	lcov --quiet --capture --directory build/coverage --output-file build/coverage/all.info
	lcov --quiet --extract build/coverage/all.info '*/cgi/*' --output-file build/coverage/cgi.info
	genhtml --quiet build/coverage/cgi.info --output-directory build/coverage/html
	@echo build/coverage/html/index.html

clean: ## remove build/
	rm -rf build

help: ## list every target
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

-include $(shell find build/$(VARIANT) -name '*.d' 2>/dev/null)
