/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core from its first line of C to its last: a guided tour. Each step
 * either does its part or refuses with a sentence; there is no way back, and
 * nothing is ever freed.
 */
#include "vmm-core/boot/guest_config.h"
#include "vmm-core/boot/guests.h"
#include "vmm-core/boot/image.h"
#include "vmm-core/boot/multiboot.h"
#include "vmm-core/boot/options.h"
#include "vmm-core/boot/start.h"
#include "vmm-core/boot/stop.h"
#include "vmm-core/boot/traps.h"
#include "vmm-core/cpu/apic.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/cpu_faults.h"
#include "vmm-core/cpu/firmware.h"
#include "vmm-core/cpu/irq.h"
#include "vmm-core/cpu/timer.h"
#include "vmm-core/cpu/tsc.h"
#include "vmm-core/cpu/wall_clock.h"
#include "vmm-core/lib/console.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"
#include "vmm-core/mm/paging.h"
#include "vmm-core/trace/trace.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/context.h"
#include "vmm-core/vcpu/run.h"
#include "vmm-core/vcpu/vm.h"
#include "vmm-core/vcpu/vm_devices.h"

/* per CPU and VM, for stacks, tables and what alignment wastes */
#define SLACK_BYTES	(4ull << 20)

/* A vendor is a row here. The first one that fits is taken. */
static const struct hv_ops *const backends[] = {
	&svm_ops,
};

static struct boot_info boot;
static struct options options;
static struct firmware firmware;
static struct guest_configs configs;
static struct vm *vms[ANCHOR_VMS_MAX];

/* 1. Something to say things on, whatever comes next. */
static void console_start(u32 magic, u32 info_hpa)
{
	const u8 *id = core_build_id + CORE_BUILD_ID_HEADER;
	const char *bad;

	console_init(2, 1);
	trace_build_id(id, (size_t)(core_build_id_end - id));
	multiboot_read(magic, info_hpa, &boot);
	bad = options_parse(&options, boot.cmdline, boot.names_first);
	console_init(options.log_com, options.guest_com);
	machine_exit_port(options.exit_port);
	if (bad)
		options_refuse(bad);
	printk("vmm-core: a hypervisor to profile\n");
	guest_configs_parse(&configs, &boot);
}

/* 2. A backend for this CPU, and what to keep its guests from. */
static void backend_choose(void)
{
	const char *why = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(backends) && !hv; i++) {
		why = backends[i]->probe();
		if (!why)
			hv = backends[i];
	}
	if (!hv)
		refuse("%s", why);
	anchor.isa = hv->isa;
	cpu_faults_find();
}

static void memory_add(u64 from, u64 to)
{
	for (unsigned int i = 0; i < boot.ram_count; i++) {
		u64 start = boot.ram[i].start, end = boot.ram[i].end;

		start = start < from ? from : start;
		end = end > to ? to : end;
		if (start < end)
			mm_add(start, end);
	}
}

static void memory_map_high(void)
{
	for (unsigned int i = 0; i < boot.ram_count; i++)
		if (boot.ram[i].end > PAGING_EARLY_END &&
		    paging_map(boot.ram[i].start, boot.ram[i].end))
			refuse("no memory for page tables");
}

/* 3. All RAM but what is in use: this image, the modules, the lowest MiB. */
static void memory_start(void)
{
	memory_add(LOW_MEMORY_END, PAGING_EARLY_END);
	mm_reserve((u64)core_start, (u64)core_end);
	for (unsigned int i = 0; i < boot.modules_count; i++)
		mm_reserve(boot.module[i].at.start, boot.module[i].at.end);
	memory_map_high();
	memory_add(PAGING_EARLY_END, ~0ull);
	for (unsigned int i = 0; options.verbose && i < boot.ram_count; i++)
		printk("RAM %016llx to %016llx\n", boot.ram[i].start,
		       boot.ram[i].end);
}

/* 4. Clocks and interrupts of the first CPU, as firmware describes them. */
static void clocks_start(void)
{
	firmware_read(&firmware);
	tsc_calibrate(&firmware);
	irq_init(&firmware);
	apic_find(firmware.apic_hpa);
	apic_enable();
	timer_calibrate();
	timer_enable();
	anchor.tsc_khz = tsc_khz;
	wall_clock_read();
	anchor.wall_ns = wall_clock.ns;
	anchor.tsc_at_wall = wall_clock.tsc;
}

/* 5. Refuses more than the machine has. */
static void memory_check(void)
{
	u64 need = cpus_count * (options.ring_bytes + SLACK_BYTES) +
		   guest_configs_ram_bytes(&configs) +
		   configs.count * SLACK_BYTES;
	u64 have = mm_free_bytes();

	if (need > have)
		refuse("too little RAM: rings and guests need %llu MiB, "
		       "%llu MiB are free", need >> 20, have >> 20);
	if (configs.count > cpus_count)
		refuse("%u VMs need as many CPUs, there are %u", configs.count,
		       cpus_count);
}

static void cpu_enable(struct cpu *cpu)
{
	cpu->ring = trace_ring_new(cpu->index, options.ring_bytes);
	if (!cpu->ring)
		refuse("no %llu KiB of RAM in one piece for the ring of CPU %u",
		       options.ring_bytes >> 10, cpu->index);
	context_cpu_enable();
	if (hv->cpu_enable(cpu))
		refuse("CPU %u: %s cannot be enabled", cpu->index, hv->name);
}

/* A vCPU is done when its last exit is recorded, not when its VM stops. */
static bool vcpus_running(void)
{
	for (unsigned int i = 0; i < configs.count; i++) {
		/* acquire: pairs with cpu_run() */
		if (__atomic_load_n(&cpus[i]->vcpu, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

/* Runs what this CPU was given, then wakes the one that waits for the end. */
static void cpu_run(struct cpu *cpu)
{
	/* acquire: pairs with guests_run() */
	struct vcpu *vcpu = __atomic_load_n(&cpu->vcpu, __ATOMIC_ACQUIRE);

	if (!vcpu) {
		irq_wait();
		return;
	}
	vcpu_run(vcpu);
	/* release: pairs with vcpus_running() */
	__atomic_store_n(&cpu->vcpu, NULL, __ATOMIC_RELEASE);
	cpu_kick(cpus[0]);
}

void cpu_main(struct cpu *cpu)
{
	traps_init(cpu);
	apic_enable();
	timer_enable();
	cpu_enable(cpu);
	/* release: pairs with cpus_start(), which goes on to the next one */
	__atomic_store_n(&cpu->online, true, __ATOMIC_RELEASE);
	for (;;)
		cpu_run(cpu);
}

static void cpus_launch(void)
{
	memcpy(hva(TRAMPOLINE_HPA), trampoline_start,
	       (size_t)(trampoline_end - trampoline_start));
	cpus_start(&(struct cpu_startup){
		.hpa = TRAMPOLINE_HPA,
		.stack_end = &boot_ap_stack,
		.cpu = &boot_ap_cpu,
	});
}

/* 6. A ring and the backend for every CPU, one after the other. */
static void cpus_up(void)
{
	cpus_find(&firmware, options.cpus);
	memory_check();
	if (paging_guard_null())
		refuse("no memory for page tables");
	cpu_enable(cpus[0]);
	cpus_launch();
	anchor.cpus = (u16)cpus_count;
	printk("%s on %u CPUs, rings of %llu KiB\n", hv->name, cpus_count,
	       options.ring_bytes >> 10);
}

/* Input on the guest's physical console goes to the first VM. */
static void console_route(void)
{
	struct irq_note note = { vm_devices_note, vms[0] };
	int line = console_guest_irq_enable();

	if (line >= 0 && irq_isa_open(&firmware, (unsigned int)line, note))
		printk("no I/O APIC has the console's interrupt: no input\n");
}

/* 7. The VMs, ready to run. */
static void guests_start(void)
{
	for (unsigned int i = 0; i < configs.count; i++) {
		vms[i] = guest_create(&configs.vm[i], cpus[i],
				      options.fresh_ram);
		printk("vm %s: %llu MiB on CPU %u\n", vms[i]->pub->name,
		       vms[i]->ram_bytes >> 20, i);
	}
	console_route();
}

/* 8. Until all have stopped, or the time is up. */
static void guests_run(void)
{
	if (options.stop_after_ns)
		machine_stop_tsc = rdtsc() + ns_to_tsc(options.stop_after_ns);
	anchor.state = MACHINE_RUNNING;
	trace_anchor_publish();
	for (unsigned int i = 0; i < configs.count; i++) {
		/* release: pairs with cpu_run() */
		__atomic_store_n(&cpus[i]->vcpu, vms[i]->vcpu[0],
				 __ATOMIC_RELEASE);
		if (i)
			cpu_kick(cpus[i]);
	}
	while (vcpus_running())
		cpu_run(cpus[0]);
}

/* 9. Says how each VM ended. */
static void guests_summary(void)
{
	static const char *const states[] = {
		[VM_STATE_EMPTY] = "empty",
		[VM_STATE_RUNNING] = "running",
		[VM_STATE_OFF] = "off",
		[VM_STATE_RESET] = "reset",
		[VM_STATE_CRASHED] = "crashed",
		[VM_STATE_TIMEOUT] = "timeout",
		[VM_STATE_HALTED] = "halted",
	};

	for (unsigned int i = 0; i < anchor.vms; i++) {
		const struct anchor_vm *vm = &anchor.vm[i];
		const struct anchor_vcpu *vcpu = trace_vcpu_slot(vm->first_vcpu);

		printk("vm %s: %s after %llu exits\n", vm->name,
		       states[vm->state], vcpu->exits);
	}
}

void core_main(u32 magic, u32 info_hpa)
{
	stop_init(&machine_stop_ops);
	cpu_boot_init(boot_stack);
	traps_init(cpus[0]);
	console_start(magic, info_hpa);
	backend_choose();
	memory_start();
	clocks_start();
	cpus_up();
	guests_start();
	guests_run();
	guests_summary();
	machine_leave(MACHINE_STOPPED);
}
