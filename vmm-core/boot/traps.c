/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's own exceptions, none of which it survives: each prints all
 * registers. Interrupts go on to cpu/irq.c.
 */
#include "vmm-core/boot/traps.h"

#include "vmm-core/boot/image.h"
#include "vmm-core/boot/start.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/irq.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/stop.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/lib/x86_regs.h"
#include "vmm-core/trace/trace.h"

#define EXCEPTIONS		32
#define STACK_WORDS_SHOWN	32

#define GATE_INTERRUPT_PRESENT	0x8e
#define TSS_AVAILABLE_PRESENT	0x89ull

struct gate {
	u16 offset_low, selector;
	u8 ist, type;
	u16 offset_middle;
	u32 offset_high, reserved;
};

struct table_pointer {
	u16 limit;
	u64 base;
} __packed;

/* "64-Bit Task State Segment": nothing in it is used, TR must hold one. */
struct tss {
	u32 words[26];
};

_Static_assert(BOOT_CPUS_MAX == ANCHOR_CPUS_MAX, "a TSS for every CPU");

extern const u8 trap_stubs[];
extern const struct table_pointer boot_gdt_pointer;

static struct gate idt[256];
static struct tss tss[BOOT_CPUS_MAX];

static const char *const exception_names[EXCEPTIONS] = {
	"#DE divide error", "#DB debug", "NMI", "#BP breakpoint",
	"#OF overflow", "#BR bound range", "#UD invalid opcode",
	"#NM no device", "#DF double fault", "coprocessor overrun",
	"#TS invalid TSS", "#NP segment not present", "#SS stack fault",
	"#GP general protection", "#PF page fault", "reserved",
	"#MF x87", "#AC alignment", "#MC machine check", "#XM SIMD",
	"#VE virtualization", "#CP control protection",
	[28] = "#HV injection", [29] = "#VC communication", [30] = "#SX security",
};

static void idt_fill(void)
{
	u64 stub = (u64)trap_stubs;

	for (unsigned int i = 0; i < ARRAY_SIZE(idt); i++) {
		idt[i] = (struct gate){
			.offset_low = (u16)stub,
			.selector = SEL_CODE64,
			.type = GATE_INTERRUPT_PRESENT,
			.offset_middle = (u16)(stub >> 16),
			.offset_high = (u32)(stub >> 32),
		};
		stub += TRAP_STUB_BYTES;
	}
}

static void tss_load(unsigned int index)
{
	u64 base = (u64)&tss[index];
	u64 limit = sizeof(tss[0]) - 1;
	u64 *entry = &boot_gdt[SEL_TSS / 8 + 2 * index];

	entry[0] = limit | (base & 0xffffff) << 16 |
		   TSS_AVAILABLE_PRESENT << 40 | (base >> 24 & 0xff) << 56;
	entry[1] = base >> 32;
	asm volatile("ltr %w0" : : "r"(SEL_TSS + 16 * index));
}

void traps_init(struct cpu *cpu)
{
	struct table_pointer idtr = { sizeof(idt) - 1, (u64)idt };

	if (!cpu->index)
		idt_fill();
	asm volatile("lgdt %0; lidt %1" : : "m"(boot_gdt_pointer), "m"(idtr));
	tss_load(cpu->index);
}

static bool in_text(u64 address)
{
	return address >= (u64)core_start && address < (u64)core_text_end;
}

/* No frame pointers here: what looks like a return address may be one. */
static void print_callers(const struct trap_frame *f)
{
	u64 end = ALIGN_DOWN(f->rsp, CPU_STACK_BYTES) + CPU_STACK_BYTES;
	const u64 *word = (const u64 *)ALIGN_UP(f->rsp, 8);

	printk("code addresses on the stack:");
	for (unsigned int i = 0; i < STACK_WORDS_SHOWN; i++, word++)
		if ((u64)word < end && in_text(*word))
			printk(" %llx", *word);
	printk("\n");
}

static void __noreturn exception_panic(const struct trap_frame *f)
{
	static bool again;
	const char *name = exception_names[f->vector];

	/* the dump itself must not fault for ever */
	if (again)
		cpu_halt();
	again = true;
	printk("\nrip %016llx  cs %04llx  rflags %08llx  error %llx\n"
	       "rsp %016llx  ss %04llx  cr0 %08llx  cr2 %016llx\n"
	       "cr3 %016llx  cr4 %08llx  efer %04llx\n",
	       f->rip, f->cs, f->rflags, f->error, f->rsp, f->ss,
	       read_cr0(), read_cr2(), read_cr3(), read_cr4(),
	       rdmsr(MSR_EFER));
	printk("rax %016llx  rbx %016llx  rcx %016llx\n"
	       "rdx %016llx  rsi %016llx  rdi %016llx\n"
	       "rbp %016llx  r8  %016llx  r9  %016llx\n"
	       "r10 %016llx  r11 %016llx  r12 %016llx\n"
	       "r13 %016llx  r14 %016llx  r15 %016llx\n",
	       f->rax, f->rbx, f->rcx, f->rdx, f->rsi, f->rdi, f->rbp,
	       f->r8, f->r9, f->r10, f->r11, f->r12, f->r13, f->r14, f->r15);
	print_callers(f);
	panic_printk("%s in the core, at 0x%llx on CPU %u",
		     name ? name : "exception", f->rip, this_cpu()->index);
}

void trap_handle(struct trap_frame *frame)
{
	if (frame->vector >= EXCEPTIONS) {
		irq_handle((u8)frame->vector);
		return;
	}
	/* another CPU's panic stops this one so (cpus_stop()) */
	if (frame->vector == VECTOR_NMI && anchor.state == MACHINE_PANICKED)
		cpu_halt();
	exception_panic(frame);
}
