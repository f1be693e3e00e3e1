/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a VM: RAM, entry in the anchor, vCPU, platform, kernel.
 */
#include "vmm-core/boot/guests.h"

#include "vmm-core/cpu/cpu.h"
#include "vmm-core/guest/guest.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/trace/trace.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/vm.h"
#include "vmm-core/vcpu/vm_devices.h"

/* guest-physical: RAM goes on above 4 GiB, below that are devices */
#define LOW_RAM_END		(3ull << 30)
#define HIGH_RAM_START		(4ull << 30)

/* "PAT Register": the value at reset */

static void *alloc_check(void *p, u64 bytes, const char *name)
{
	if (!p)
		refuse("vm %s: no %llu KiB of RAM in one piece", name,
		       bytes >> 10);
	return p;
}

static void ram_add(struct anchor_vm *pub, u64 gpa, u64 bytes, bool fresh)
{
	void *ram = fresh ? mm_alloc_uncleared(bytes, LARGE_PAGE_BYTES) :
			    mm_alloc(bytes, LARGE_PAGE_BYTES);

	pub->extent[pub->extents++] = (struct anchor_extent){
		.gpa = gpa,
		.hpa = hpa(alloc_check(ram, bytes, pub->name)),
		.bytes = bytes,
	};
}

static struct anchor_vm *vm_publish(const struct guest_config *config,
				    bool fresh_ram)
{
	struct anchor_vm *pub = &anchor.vm[anchor.vms];
	u64 low = config->ram_bytes;

	strlcpy(pub->name, config->name, sizeof(pub->name));
	pub->vcpus = 1;
	pub->first_vcpu = anchor.vms;
	if (low > LOW_RAM_END)
		low = LOW_RAM_END;
	ram_add(pub, 0, low, fresh_ram);
	if (config->ram_bytes > low)
		ram_add(pub, HIGH_RAM_START, config->ram_bytes - low,
			fresh_ram);
	pub->state = VM_STATE_RUNNING;
	return pub;
}

/* All of its RAM, for everything. */
static void ram_map(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->pub->extents; i++) {
		const struct anchor_extent *e = &vm->pub->extent[i];

		if (vm_map(vm, e->gpa, e->hpa, e->bytes, MAP_ALL))
			refuse("vm %s: no memory for its nested page table",
			       vm->pub->name);
	}
}

static struct vcpu *vcpu_create(struct vm *vm, u16 index, struct cpu *cpu)
{
	struct vcpu *vcpu = alloc_check(mm_alloc(sizeof(*vcpu), PAGE_BYTES),
					sizeof(*vcpu), vm->pub->name);

	vcpu->vm = vm;
	vcpu->vm_index = vm->index;
	vcpu->index = index;
	vcpu->cpu = cpu;
	vcpu->requests.cpu = cpu;
	vcpu->pub = trace_vcpu_slot(vm->pub->first_vcpu + index);
	if (!vcpu->pub)
		refuse("more than %d vCPUs", ANCHOR_VCPUS_MAX);
	vcpu->pub->vm = vm->index;
	vcpu->msr_pat = PAT_RESET;
	lapic_init(&vcpu->lapic, index);
	if (context_init(vcpu) || hv->vcpu_init(vcpu))
		refuse("vm %s: no memory for vCPU %u", vm->pub->name, index);
	vcpu_set_state(vcpu, index ? VCPU_WAIT_SIPI : VCPU_READY);
	return vcpu;
}

static const char *load_error(int err)
{
	switch (err) {
	case -ENOEXEC:	return "unknown kernel format";
	case -ENOMEM:	return "kernel and initrd do not fit into its RAM";
	case -EINVAL:	return "its kernel is truncated or damaged";
	default:	return "its kernel cannot be loaded";
	}
}

static void kernel_load(struct vm *vm, const struct guest_config *config)
{
	struct guest_image image = {
		.kernel = hva(config->kernel.start),
		.kernel_bytes = config->kernel.end - config->kernel.start,
		.cmdline = config->cmdline,
	};
	int err;

	if (config->initrd.end) {
		image.initrd = hva(config->initrd.start);
		image.initrd_bytes = config->initrd.end - config->initrd.start;
	}
	/* it has printed the details, which the anchor has no room for */
	err = guest_load(vm, &image);
	if (err)
		refuse("vm %s: %s", vm->pub->name, load_error(err));
}

struct vm *guest_create(const struct guest_config *config, struct cpu *cpu,
			bool fresh_ram)
{
	struct vm *vm = alloc_check(mm_alloc(sizeof(*vm), PAGE_BYTES),
				    sizeof(*vm), config->name);

	vm->index = anchor.vms;
	vm->pv = config->pv;
	vm->msr_ignore = config->msr_ignore;
	vm->ram_bytes = config->ram_bytes;
	vm->pub = vm_publish(config, fresh_ram);
	if (hv->vm_init(vm))
		refuse("vm %s: no memory for its nested page table",
		       config->name);
	ram_map(vm);
	for (; vm->vcpus < vm->pub->vcpus; vm->vcpus++)
		vm->vcpu[vm->vcpus] = vcpu_create(vm, vm->vcpus, cpu);
	if (vm_devices_init(vm))
		refuse("vm %s: its devices contradict each other",
		       config->name);
	kernel_load(vm, config);
	anchor.vms++;
	return vm;
}
