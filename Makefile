# SPDX-License-Identifier: BSD-2-Clause
# One make for everything. A build.mk per folder lists objects only:
#   core-y	objects of the hypervisor image (freestanding)
#   LIB-y	objects of a library of ours (hosted): libvmtrace, libmachine, ...
#   PROG-y	objects of a program in build/bin
# Switches: V=1 shows commands, O=DIR builds there, SAN=address,undefined
# instruments the hosted half, COVERAGE=1, WERROR=0.

O ?= build
V ?= 0
WERROR ?= 1
VERSION := $(shell cat VERSION)

CC ?= gcc
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local

ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' $(1) $(patsubst $(O)/%,%,$(2))
else
Q :=
say = @:
endif

warnings := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wvla
ifneq ($(WERROR),0)
warnings += -Werror
endif

common_flags := -std=gnu11 -O2 -g -I. -I$(O)/include $(warnings) -MMD -MP

packages := libzstd libxxhash libelf libdw jansson
cflags := $(common_flags) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(packages))
ldlibs := $(shell $(PKG_CONFIG) --libs $(packages)) -lm

ifdef SAN
cflags += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
ldflags += -fsanitize=$(SAN)
endif
ifdef COVERAGE
cflags += --coverage
ldflags += --coverage
endif

# The core: no libc, no SSE (the registers are the guest's), no red zone
# (interrupts use the same stack), linked where multiboot loads it.
core_cflags := $(common_flags) -ffreestanding -fno-pic -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -mno-red-zone \
	-mgeneral-regs-only -mcmodel=small -fcf-protection=none

all: core tools

# Libraries and programs. A program links its own objects, then libraries.
libraries := libvmtrace libmachine libexit libreports
programs := vmprof

core-y :=
$(foreach x,$(libraries) $(programs),$(eval $(x)-y :=))
unit_tests :=

mk_files := $(sort $(wildcard */build.mk */*/build.mk))
include $(mk_files)

core_objs := $(addprefix $(O)/core/,$(core-y))
hosted = $(addprefix $(O)/,$(1))

# What each program links, outermost room first.
vmprof_libs := libreports libexit libmachine libvmtrace

$(O)/include/abi_hash.h: $(sort $(wildcard vmm-core/abi/*.h vmm-core/abi/*.def))
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)printf '#define ABI_HASH 0x%sull\n' \
		$$(cat $^ | sha256sum | cut -c1-16) > $@

$(O)/core/%.o: %.c $(O)/include/abi_hash.h
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(core_cflags) -c -o $@ $<

$(O)/core/%.o: %.S
	$(call say,AS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(core_cflags) -D__ASSEMBLY__ -c -o $@ $<

$(O)/%.o: %.c $(O)/include/abi_hash.h
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cflags) -c -o $@ $<

# ACPI tables of the virtual platform, compiled in as bytes.
$(O)/core/%.aml: %.asl
	$(call say,IASL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)iasl -vs -we -p $(basename $@) $< > $@.log || { cat $@.log; exit 1; }

# Multiboot1 wants a 32-bit ELF; debuggers and symbols want the 64-bit one.
$(O)/vmm-core64.elf: $(core_objs) vmm-core/boot/core.lds
	$(call say,LD,$@)
	$(Q)$(CC) -nostdlib -static -no-pie -Wl,--build-id=sha1 -Wl,-z,max-page-size=4096 \
		-Wl,-z,noexecstack -Wl,--no-warn-rwx-segments \
		-T vmm-core/boot/core.lds -o $@ $(core_objs)

$(O)/vmm-core.elf: $(O)/vmm-core64.elf
	$(call say,OBJCOPY,$@)
	$(Q)objcopy -O elf32-i386 $< $@

core: $(O)/vmm-core.elf

define library
$(O)/$(1).a: $$(call hosted,$$($(1)-y))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach l,$(libraries),$(eval $(call library,$(l))))

define program
$(O)/bin/$(1): $$(call hosted,$$($(1)-y)) $$(patsubst %,$(O)/%.a,$$($(1)_libs))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ldflags) -o $$@ $$^ $$(ldlibs) $$($(1)_ldlibs)
endef
$(foreach p,$(programs),$(eval $(call program,$(p))))

tools: $(addprefix $(O)/bin/,$(programs))

clean:
	rm -rf $(O)

-include $(shell find $(O) -name '*.d' 2>/dev/null)

.PHONY: all core tools clean
.DELETE_ON_ERROR:
.SECONDARY:
