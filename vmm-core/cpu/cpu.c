/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical CPUs: finding them, starting them one by one, waking and
 * stopping them.
 */
#include "vmm-core/cpu/cpu.h"

#include "vmm-core/cpu/apic.h"
#include "vmm-core/cpu/firmware.h"
#include "vmm-core/cpu/tsc.h"
#include "vmm-core/cpu/vectors.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/mm/mm.h"

/* "MP Initialization Example": INIT, 10 ms, SIPI, 200 us, SIPI */
#define INIT_NS		10000000ull
#define STARTUP_NS	200000ull
/* a busy host may keep an emulated CPU from running for a while */
#define ONLINE_NS	5000000000ull

struct cpu *cpus[ANCHOR_CPUS_MAX];
unsigned int cpus_count;

static struct cpu boot_cpu;

static void cpu_init(struct cpu *cpu, unsigned int index, void *stack)
{
	cpu->self = cpu;
	cpu->index = (u16)index;
	cpu->timer_deadline = ~0ull;
	/* where this_cpu() looks */
	*(struct cpu **)stack = cpu;
	cpus[index] = cpu;
}

void cpu_boot_init(void *stack)
{
	cpu_init(&boot_cpu, 0, stack);
	boot_cpu.online = true;
	cpus_count = 1;
}

/* The struct lies in the stack's area, just above the pointer to it. */
static void cpu_add(u32 id)
{
	u8 *stack = mm_alloc(CPU_STACK_BYTES, CPU_STACK_BYTES);
	struct cpu *cpu;

	if (!stack)
		refuse("no memory for the stack of CPU %u", cpus_count);
	cpu = (struct cpu *)(stack + 64);
	cpu->apic_id = id;
	cpu_init(cpu, cpus_count++, stack);
}

void cpus_find(const struct firmware *fw, unsigned int max)
{
	boot_cpu.apic_id = apic_id();
	for (unsigned int i = 0; i < fw->cpus && cpus_count < max; i++) {
		if (fw->apic_id[i] == boot_cpu.apic_id)
			continue;
		if (fw->apic_id[i] > apic_id_max()) {
			printk("APIC id %u is out of reach without x2APIC\n",
			       fw->apic_id[i]);
			continue;
		}
		cpu_add(fw->apic_id[i]);
	}
}

static void delay_ns(u64 ns)
{
	u64 end = rdtsc() + ns_to_tsc(ns);

	while (rdtsc() < end)
		cpu_relax();
}

static bool cpu_wait_online(const struct cpu *cpu, u64 ns)
{
	u64 end = rdtsc() + ns_to_tsc(ns);

	/* acquire: what the CPU wrote before it said so */
	while (!__atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE)) {
		if (rdtsc() >= end)
			return false;
		cpu_relax();
	}
	return true;
}

static bool cpu_start(struct cpu *cpu, const struct cpu_startup *startup)
{
	u8 page = (u8)(startup->hpa / PAGE_BYTES);

	*startup->stack_end = ALIGN_DOWN((u64)cpu, CPU_STACK_BYTES) +
			      CPU_STACK_BYTES;
	*startup->cpu = cpu;
	apic_send(cpu->apic_id, APIC_INIT, 0);
	delay_ns(INIT_NS);
	apic_send(cpu->apic_id, APIC_SIPI, page);
	if (cpu_wait_online(cpu, STARTUP_NS))
		return true;
	/* one that has begun already does not hear the second */
	apic_send(cpu->apic_id, APIC_SIPI, page);
	return cpu_wait_online(cpu, ONLINE_NS);
}

void cpus_start(const struct cpu_startup *startup)
{
	for (unsigned int i = 1; i < cpus_count; i++)
		if (!cpu_start(cpus[i], startup))
			refuse("CPU %u (APIC id %u) does not start; cpus=%u "
			       "leaves it out", i, cpus[i]->apic_id, i);
}

void cpu_kick(struct cpu *cpu)
{
	apic_send(cpu->apic_id, APIC_FIXED, VECTOR_KICK);
}

void cpus_stop(void)
{
	for (unsigned int i = 0; i < cpus_count; i++)
		if (cpus[i] != this_cpu() && cpus[i]->online)
			apic_send(cpus[i]->apic_id, APIC_NMI, 0);
}
