/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * INIT, start-up IPI, and what the other CPU does then. Whatever is waited
 * for is waited for a bounded time only: a CPU that does not come, or comes
 * no more, costs its rows and nothing else.
 *
 * Both wait with PAUSE, as kernels do; an emulator that runs them in turns
 * goes on to the other then.
 */
#include "guests/runtime/second_cpu.h"

#include "guests/runtime/acpi.h"
#include "guests/runtime/apic.h"
#include "guests/runtime/guest.h"

/* in real mode's reach, and of nobody once the firmware is done */
#define TRAMPOLINE	0x8000
#define VECTOR		0x41
#define XAPIC_ID_MAX	0xfe
/* Ticks of the TSC: some 10 ms, a second and some seconds of a fast one,
 * and bearable of a slow one. */
#define INIT_TICKS	(1ull << 25)
#define START_TICKS	(1ull << 32)
#define ANSWER_TICKS	(1ull << 34)

extern const u8 ap_trampoline[], ap_trampoline_end[];
void ap_main(void) __noreturn;

static u32 ap_id;
/* written by the other CPU only */
static bool ap_up;
static u64 ap_answers;		/* interrupts handled */
static u64 ap_waiting;		/* since so many answers, and how; see state() */
/* written by the first CPU only */
static enum second_cpu_wait ap_how;
static u64 pings;

static u64 state(u64 answers, enum second_cpu_wait how)
{
	return answers << 1 | how;
}

/* Partner of every store-release of the other CPU. */
static u64 load(const u64 *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static __attribute__((interrupt)) void answer(struct interrupt_frame *frame)
{
	(void)frame;
	guest_apic_write(APIC_EOI, 0);
	__atomic_store_n(&ap_answers, ap_answers + 1, __ATOMIC_RELEASE);
}

static enum second_cpu_wait how_now(void)
{
	return __atomic_load_n(&ap_how, __ATOMIC_RELAXED);
}

static void wait_running(void)
{
	irq_enable();
	while (how_now() == SECOND_CPU_RUNNING)
		cpu_relax();
	irq_disable();
}

void ap_main(void)
{
	guest_share_interrupts();
	guest_apic_enable();
	__atomic_store_n(&ap_up, true, __ATOMIC_RELEASE);
	for (;;) {
		enum second_cpu_wait how = how_now();

		/* the handler of a ping cannot run between here and HLT */
		__atomic_store_n(&ap_waiting, state(ap_answers, how),
				 __ATOMIC_RELEASE);
		if (how == SECOND_CPU_HALTED)
			irq_wait();
		else
			wait_running();
	}
}

static bool is_up(void)
{
	return __atomic_load_n(&ap_up, __ATOMIC_ACQUIRE);
}

static bool has_answered(void)
{
	return load(&ap_answers) == pings;
}

/* Halted, it must have got there after the last ping. */
static bool waits(void)
{
	u64 now = load(&ap_waiting);

	if (ap_how == SECOND_CPU_HALTED)
		return now == state(pings, SECOND_CPU_HALTED);
	return now & SECOND_CPU_RUNNING;
}

static bool until(bool (*done)(void), u64 ticks)
{
	u64 start = rdtsc();

	while (!done()) {
		if (rdtsc() - start > ticks)
			return false;
		cpu_relax();
	}
	return true;
}

static bool ap_start(void)
{
	volatile u8 *to = (volatile u8 *)TRAMPOLINE;
	size_t bytes = (size_t)(ap_trampoline_end - ap_trampoline);

	for (size_t i = 0; i < bytes; i++)
		to[i] = ap_trampoline[i];
	guest_set_interrupt(VECTOR, (u64)answer);
	guest_apic_send(ap_id, ICR_INIT | ICR_ASSERT);
	until(is_up, INIT_TICKS);
	guest_apic_send(ap_id, ICR_STARTUP | ICR_ASSERT | TRAMPOLINE >> 12);
	if (until(is_up, START_TICKS))
		return true;
	/* the second one that the manuals ask for; ignored by one that runs */
	guest_apic_send(ap_id, ICR_STARTUP | ICR_ASSERT | TRAMPOLINE >> 12);
	return until(is_up, ANSWER_TICKS);
}

const char *second_cpu_start(void)
{
	if (is_up())
		return NULL;
	if (!acpi_other_cpu(guest_apic_id(), &ap_id))
		return "the firmware names no other CPU";
	if (!apic_x2apic && ap_id > XAPIC_ID_MAX)
		return "the other CPU is out of an xAPIC's reach";
	return ap_start() ? NULL : "the other CPU does not start";
}

bool second_cpu_ping(void)
{
	pings++;
	guest_apic_send(ap_id, VECTOR);
	return until(has_answered, ANSWER_TICKS);
}

bool second_cpu_wait(enum second_cpu_wait how)
{
	bool asleep = ap_how == SECOND_CPU_HALTED;

	if (how != ap_how) {
		__atomic_store_n(&ap_how, how, __ATOMIC_RELAXED);
		if (asleep && !second_cpu_ping())
			return false;
	}
	return until(waits, ANSWER_TICKS);
}
