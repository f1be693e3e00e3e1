libmachine-y += machine/message.o
libmachine-y += machine/args.o
libmachine-y += machine/rundir.o
libmachine-y += machine/ram.o
libmachine-y += machine/guest_image.o
libmachine-y += machine/installed.o
libmachine-y += machine/core_image.o
libmachine-y += machine/qemu.o
libmachine-y += machine/qemu_version.o
libmachine-y += machine/process.o
libmachine-y += machine/console.o
libmachine-y += machine/machine.o
libmachine-y += machine/bare.o
libmachine-y += machine/steps.o

# Loaded by QEMU, which knows nothing of our libraries and sanitizers.
steps_plugin := $(O)/vmprof-steps.so
$(steps_plugin): machine/steps_plugin.c $(stamp) | $(abi_hash)
	$(call say,PLUGIN,$@)
	$(Q)$(CC) $(common_flags) -D_GNU_SOURCE -fPIC -fvisibility=hidden \
		-shared -MF $@.d -o $@ $<

plugin: $(steps_plugin)
all: plugin
-include $(steps_plugin).d

.PHONY: plugin
