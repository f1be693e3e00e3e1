# SPDX-License-Identifier: BSD-2-Clause
# One make for everything. A build.mk per folder lists objects only:
#   core-y	objects of the hypervisor image (freestanding)
#   LIB-y	objects of a library of ours (hosted): libvmtrace, libmachine, ...
#   PROG-y	objects of a program in build/bin
# Switches: V=1 shows commands, O=DIR builds there, SAN=address,undefined
# instruments the hosted half, COVERAGE=1 too, WERROR=0 keeps warnings apart.
# tests/build.mk has the tests.

O ?= build
V ?= 0
WERROR ?= 1
SAN ?=
COVERAGE ?=
VERSION := $(shell cat VERSION)

ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
DESTDIR ?=

# make -s says nothing
quiet := $(findstring s,$(firstword -$(MAKEFLAGS)))
ifeq ($(V)$(quiet),0)
Q := @
say = @printf '  %-8s %s\n' $(1) $(patsubst $(O)/%,%,$(2))
else
Q := $(if $(quiet),@)
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
ldflags :=

ifneq ($(SAN),)
cflags += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
ldflags += -fsanitize=$(SAN)
endif
ifneq ($(COVERAGE),)
cflags += --coverage
ldflags += --coverage
endif

# The core: no libc, no SSE (the registers are the guest's), no red zone
# (interrupts use the same stack), linked where multiboot loads it.
core_cflags := $(common_flags) -ffreestanding -fno-pic -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -mno-red-zone \
	-mgeneral-regs-only -mcmodel=small -fcf-protection=none \
	-ffile-prefix-map=$(CURDIR)=. -Wa,-I$(O)/core
core_ldflags := -nostdlib -static -no-pie -Wl,--build-id=sha1 \
	-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments

all: core tools

libraries := libcommand libvmtrace libmachine libexit libreports libvmtop
programs := vmprof exit-analyzer vmtop

# Each program's libraries, outermost room first.
vmprof_libs := libreports libexit libcommand libmachine libvmtrace
vmtop_libs := libvmtop libexit libcommand libmachine libvmtrace
vmtop_ldlibs := $(shell $(PKG_CONFIG) --libs ncursesw libmicrohttpd)
exit-analyzer_libs := libexit libcommand libmachine libvmtrace

core-y :=
test_objs :=
$(foreach x,$(libraries) $(programs),$(eval $(x)-y :=))

mk_files := $(sort $(wildcard */build.mk */*/build.mk */*/*/build.mk))
include $(mk_files)

core_objs := $(addprefix $(O)/core/,$(core-y))
hosted = $(addprefix $(O)/,$(1))

# Objects are built anew when the flags change, links when a list does.
stamp := $(O)/flags
lists := Makefile $(mk_files)
flags_now := $(CC) $(cflags) $(ldflags) $(core_cflags)

$(stamp): FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(flags_now))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(flags_now))' > $@

# Tools and core that were built from different abi/ must notice it.
abi_hash := $(O)/include/abi_hash.h
abi_files := $(sort $(wildcard vmm-core/abi/*.h vmm-core/abi/*.def))
$(abi_hash): $(abi_files) Makefile
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)printf '#define ABI_HASH 0x%sull\n' \
		$$(cat $(abi_files) | sha256sum | cut -c1-16) > $@

$(O)/core/%.o: %.c $(stamp) | $(abi_hash)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(core_cflags) -c -o $@ $<

$(O)/core/%.o: %.S $(stamp) | $(abi_hash)
	$(call say,AS,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(core_cflags) -D__ASSEMBLY__ -c -o $@ $<

$(O)/%.o: %.c $(stamp) | $(abi_hash)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(cflags) -c -o $@ $<

# ACPI tables of the virtual platform, compiled in as bytes.
$(O)/core/%.aml: %.asl
	$(call say,IASL,$@)
	@mkdir -p $(@D)
	$(Q)iasl -vs -we -p $(basename $@) $< > $@.log || { cat $@.log; exit 1; }

# Multiboot1 wants a 32-bit ELF; debuggers and symbols want the 64-bit one.
$(O)/vmm-core64.elf: $(core_objs) vmm-core/boot/core.lds $(lists)
	$(call say,LD,$@)
	$(Q)$(CC) $(core_ldflags) -T vmm-core/boot/core.lds -o $@ $(core_objs)

$(O)/vmm-core.elf: $(O)/vmm-core64.elf
	$(call say,OBJCOPY,$@)
	$(Q)objcopy -O elf32-i386 $< $@

core: $(O)/vmm-core.elf

define library
$(O)/$(1).a: $$(call hosted,$$($(1)-y)) $$(lists)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$(filter %.o,$$^)
endef
$(foreach l,$(libraries),$(eval $(call library,$(l))))

define program
$(O)/bin/$(1): $$(call hosted,$$($(1)-y)) $$(patsubst %,$(O)/%.a,$$($(1)_libs))
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ldflags) -o $$@ $$^ $$(ldlibs) $$($(1)_ldlibs)
endef
$(foreach p,$(programs),$(eval $(call program,$(p))))

tools: $(addprefix $(O)/bin/,$(programs))

# An image for real PCs and for QEMU's -cdrom: GRUB loads core and guest.
# ISO_KERNEL= ISO_INITRD= ISO_APPEND= say which guest.
iso: $(O)/vmm-core.iso
$(O)/vmm-core.iso: $(O)/vmm-core.elf scripts/mkiso FORCE
	$(call say,ISO,$@)
	$(Q)scripts/mkiso $(O)/vmm-core.elf $@ "$(ISO_KERNEL)" "$(ISO_INITRD)" \
		"$(ISO_APPEND)"

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/vmprof \
		$(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install $(addprefix $(O)/bin/,$(programs)) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(O)/vmm-core.elf $(O)/exit-bench.elf $(steps_plugin) \
		$(DESTDIR)$(PREFIX)/lib/vmprof
	install -d $(DESTDIR)$(PREFIX)/share/vmprof
	install -m 644 reports/grafana-vmprof.json \
		$(DESTDIR)$(PREFIX)/share/vmprof
	install -m 644 $(wildcard man/*.1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(wildcard man/*.5) $(DESTDIR)$(PREFIX)/share/man/man5
	for p in $(programs); do \
		install -m 644 scripts/completion.bash \
			$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$p; \
	done

clean:
	rm -rf $(O)

objs := $(core_objs) $(call hosted,$(foreach x,$(libraries) $(programs),$($(x)-y)))
-include $(patsubst %.o,%.d,$(objs) $(test_objs))

FORCE:
.PHONY: all core tools iso install clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
