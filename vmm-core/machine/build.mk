libmachine-y += vmm-core/machine/message.o
libmachine-y += vmm-core/machine/args.o
libmachine-y += vmm-core/machine/rundir.o
libmachine-y += vmm-core/machine/ram.o
libmachine-y += vmm-core/machine/guest_image.o
libmachine-y += vmm-core/machine/installed.o
libmachine-y += vmm-core/machine/core_image.o
libmachine-y += vmm-core/machine/qemu.o
libmachine-y += vmm-core/machine/process.o
libmachine-y += vmm-core/machine/console.o
libmachine-y += vmm-core/machine/machine.o
libmachine-y += vmm-core/machine/bare.o
libmachine-y += vmm-core/machine/steps.o

# Loaded by QEMU, which knows nothing of our libraries and sanitizers.
steps_plugin := $(O)/vmprof-steps.so
$(steps_plugin): vmm-core/machine/steps_plugin.c $(stamp) | $(abi_hash)
	$(call say,PLUGIN,$@)
	$(Q)$(CC) $(common_flags) -D_GNU_SOURCE -fPIC -fvisibility=hidden \
		-shared -MF $@.d -o $@ $<

plugin: $(steps_plugin)
all: plugin
-include $(steps_plugin).d

.PHONY: plugin
