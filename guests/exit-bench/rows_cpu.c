/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of exit-bench that are one instruction of the CPU's: some leave the
 * guest under every hypervisor, some under few, and the difference shows.
 */
#include "guests/exit-bench/exit_bench.h"

#include "vmm-core/abi/hypercall.h"
#include "guests/runtime/guest.h"
#include "vmm-core/lib/x86.h"

#define MSR_APIC_BASE	0x1b
#define MSR_PAT		0x277
#define MSR_EFER	0xc0000080
#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082
#define MSR_SFMASK	0xc0000084
#define EFER_SCE	BIT(0)
#define NO_SUCH_MSR	0x4d4f4e45
#define CODE_SELECTOR	8ull
#define CR4_OSXSAVE	BIT(18)
#define ECX1_XSAVE	BIT(26)
#define ECX1_HYPERVISOR	BIT(31)
#define RFLAGS_TF	0x100
#define DR7_FIXED	0x400ull
#define INTEL_ECX	0x6c65746e	/* "ntel" */
#define KVM_EBX		0x4b4d564b	/* "KVMK" */
#define XEN_EBX		0x566e6558	/* "XenV" */
#define XEN_VERSION	17		/* __HYPERVISOR_xen_version */
#define VECTOR_DB	1
#define LOOP_ROUNDS	4096

/* Operands of the timed statements, fetched before. */
static u64 value;
static u32 value_low, value_high;
static bool intel, xen;

static u64 run_empty(void)
{
	u64 start = bench_tsc();

	return bench_tsc() - start;
}

BENCH_RUN(cpuid, cpuid(0, 0))

/* Does the instruction of a row fault? It is skip bytes long. */
static bool faults(u64 (*run)(void), u8 skip)
{
	u64 before = guest_faults;

	guest_catch(skip);
	run();
	return guest_faults != before;
}

static bool hypervisor_is(u32 ebx)
{
	return cpuid(1, 0).ecx & ECX1_HYPERVISOR &&
		cpuid(HV_CPUID_BASE, 0).ebx == ebx;
}

/* They know it for what it is; to nobody else is it sent. */
static const char *hypercall_valid(void)
{
	intel = cpuid(0, 0).ecx == INTEL_ECX;
	xen = hypervisor_is(XEN_EBX);
	if (guest_core_is_here() || hypervisor_is(KVM_EBX) || (xen && !intel))
		return NULL;
	return "no hypervisor here that is known to take hypercalls";
}

static u64 run_vmcall(void)
{
	u64 result = HC_NOP;
	u64 start = bench_tsc();

	asm volatile("vmcall" : "+a"(result) : : "memory");
	return bench_tsc() - start;
}

static u64 run_vmmcall(void)
{
	u64 result = HC_NOP;
	u64 start = bench_tsc();

	asm volatile("vmmcall" : "+a"(result) : : "memory");
	return bench_tsc() - start;
}

/* Xen has none that does nothing: asked for its version, it does little. */
static u64 run_xen_version(void)
{
	u64 result = XEN_VERSION;
	u64 start = bench_tsc();

	asm volatile("vmmcall" : "+a"(result) : "D"(0), "S"(0) : "memory");
	return bench_tsc() - start;
}

/* HC_NOP; a hypervisor that does not know it says so. */
static u64 run_hypercall(void)
{
	if (xen)
		return run_xen_version();
	return intel ? run_vmcall() : run_vmmcall();
}

BENCH_RUN(msr_read, rdmsr(MSR_APIC_BASE))

static void msr_write_setup(void)
{
	value = rdmsr(MSR_PAT);
	value_low = (u32)value;
	value_high = value >> 32;
}

BENCH_RUN(msr_write, asm volatile("wrmsr" : : "c"(MSR_PAT), "a"(value_low),
				  "d"(value_high) : "memory"))

/* The exit, an injected #GP, and the way back from its handler. */
BENCH_RUN(msr_gp, rdmsr(NO_SUCH_MSR))

static const char *msr_gp_valid(void)
{
	return faults(run_msr_gp, 2) ? NULL :
	       "an MSR that does not exist can be read here";
}

static void msr_gp_setup(void)
{
	guest_catch(2);
}

static void cr0_setup(void)
{
	value = read_cr0();
}

static void cr3_setup(void)
{
	value = read_cr3();
}

static void cr4_setup(void)
{
	value = read_cr4();
}

BENCH_RUN(cr0_write, asm volatile("mov %0, %%cr0" : : "r"(value) : "memory"))
BENCH_RUN(cr3_load, asm volatile("mov %0, %%cr3" : : "r"(value) : "memory"))
BENCH_RUN(cr4_write, asm volatile("mov %0, %%cr4" : : "r"(value) : "memory"))

static u64 run_cr8_read(void)
{
	u64 start = bench_tsc(), v;

	asm volatile("mov %%cr8, %0" : "=r"(v));
	return bench_tsc() - start;
}

BENCH_RUN(cr8_write, asm volatile("mov %0, %%cr8" : : "r"(0ull) : "memory"))
BENCH_RUN(dr7_write, asm volatile("mov %0, %%dr7" : : "r"(DR7_FIXED)))
BENCH_RUN(invlpg, asm volatile("invlpg %0" : : "m"(value) : "memory"))
BENCH_RUN(wbinvd, asm volatile("wbinvd" : : : "memory"))
BENCH_RUN(pause, cpu_relax())

/* As long as kernels spin on a lock: a hypervisor may step in. */
static u64 run_pause_loop(void)
{
	u64 start = bench_tsc();

	for (int i = 0; i < LOOP_ROUNDS; i++)
		cpu_relax();
	return bench_tsc() - start;
}

/* Done by the CPU itself, for scale. */
static u64 run_empty_loop(void)
{
	u64 start = bench_tsc();

	for (int i = 0; i < LOOP_ROUNDS; i++)
		asm volatile("" : : : "memory");
	return bench_tsc() - start;
}

BENCH_RUN(rdtsc, rdtsc())

static u64 run_rdpmc(void)
{
	u64 start = bench_tsc();

	asm volatile("rdpmc" : : "c"(0) : "eax", "edx");
	return bench_tsc() - start;
}

static const char *rdpmc_valid(void)
{
	return faults(run_rdpmc, 2) ? "RDPMC faults: no counters here" : NULL;
}

static const char *xsetbv_valid(void)
{
	return cpuid(1, 0).ecx & ECX1_XSAVE ? NULL : "this CPU has no XSAVE";
}

static void xsetbv_setup(void)
{
	asm volatile("mov %0, %%cr4" : : "r"(read_cr4() | CR4_OSXSAVE));
	asm volatile("xgetbv" : "=a"(value_low), "=d"(value_high) : "c"(0));
}

BENCH_RUN(xsetbv, asm volatile("xsetbv" : : "c"(0), "a"(value_low),
			       "d"(value_high) : "memory"))

/* SYSCALL keeps where to go on in RCX: the whole kernel is a jump there. */
static void syscall_setup(void)
{
	void *entry;

	asm volatile("lea 1f(%%rip), %0\n\t"
		     "jmp 2f\n"
		     "1:	jmp *%%rcx\n"
		     "2:"
		     : "=r"(entry));
	wrmsr(MSR_STAR, CODE_SELECTOR << 32);
	wrmsr(MSR_LSTAR, (u64)entry);
	wrmsr(MSR_SFMASK, 0);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
}

BENCH_RUN(syscall, asm volatile("syscall" : : : "rcx", "r11", "memory"))

static void ud_setup(void)
{
	guest_catch(2);
}

BENCH_RUN(exception_ud, asm volatile("ud2" : : : "memory"))

static __attribute__((interrupt)) void stepped(struct interrupt_frame *frame)
{
	frame->flags &= ~(u64)RFLAGS_TF;
}

static void db_setup(void)
{
	guest_set_interrupt(VECTOR_DB, (u64)stepped);
}

/* One NOP in single steps. */
BENCH_RUN(exception_db, asm volatile("pushfq\n\t"
				     "orl $0x100, (%%rsp)\n\t"
				     "popfq\n\t"
				     "nop" : : : "memory", "cc"))

const struct bench_row bench_rows_cpu[] = {
	{ .name = "empty", .run = run_empty },
	{ .name = "empty-loop-4096", .run = run_empty_loop,
	  .samples = BENCH_SAMPLES_SLOW },
	{ .name = "cpuid", .run = run_cpuid },
	{ .name = "hypercall-nop", .valid = hypercall_valid,
	  .run = run_hypercall },
	{ .name = "msr-read", .run = run_msr_read },
	{ .name = "msr-write", .setup = msr_write_setup,
	  .run = run_msr_write },
	{ .name = "msr-gp", .valid = msr_gp_valid, .setup = msr_gp_setup,
	  .run = run_msr_gp },
	{ .name = "cr0-write", .setup = cr0_setup, .run = run_cr0_write },
	{ .name = "cr3-load", .setup = cr3_setup, .run = run_cr3_load },
	{ .name = "cr4-write", .setup = cr4_setup, .run = run_cr4_write },
	{ .name = "cr8-read", .run = run_cr8_read },
	{ .name = "cr8-write", .run = run_cr8_write },
	{ .name = "dr7-write", .run = run_dr7_write },
	{ .name = "invlpg", .run = run_invlpg },
	{ .name = "wbinvd", .run = run_wbinvd },
	{ .name = "pause", .run = run_pause },
	{ .name = "pause-loop-4096", .run = run_pause_loop,
	  .samples = BENCH_SAMPLES_SLOW },
	{ .name = "rdtsc", .run = run_rdtsc },
	{ .name = "rdpmc", .valid = rdpmc_valid, .run = run_rdpmc },
	{ .name = "xsetbv", .valid = xsetbv_valid, .setup = xsetbv_setup,
	  .run = run_xsetbv },
	{ .name = "syscall", .setup = syscall_setup, .run = run_syscall },
	{ .name = "exception-ud", .setup = ud_setup,
	  .run = run_exception_ud },
	{ .name = "exception-db", .setup = db_setup,
	  .run = run_exception_db },
	{ 0 }
};
