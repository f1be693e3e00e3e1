/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions with a device's memory, run by the core and by this CPU: the
 * same registers, flags, memory and faults must come of it. Memory is RAM and
 * behind it a device, one range that accesses may lie in or across.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tests/unit/core_vm.h"

#include "tests/insn_oracle.h"
#include "tests/random.h"
#include "vmm-core/exit/guest_access.c"
#include "vmm-core/exit/insn_alu.c"
#include "vmm-core/exit/insn_memory.c"
#include "vmm-core/exit/insn_run.c"
#include "vmm-core/exit/insn_string.c"
#include "vmm-core/exit/insn_vector.c"

#define ROUNDS		200000
#define HALF_BYTES	(3 * 4096u)
#define DEVICE		TEST_RAM_BYTES		/* RAM ends there */
#define AREA		(DEVICE - HALF_BYTES)
#define AREA_BYTES	(2 * HALF_BYTES)
#define CODE		0x5000000ull
#define STATE		0x6000000ull		/* as native_run() has it */

struct state {
	u64 gpr[GPRS];
	u64 rflags;
	union insn_value xmm[16] __aligned(16);
	u64 host_rsp, code;
};
ABI_OFFSET(struct state, rflags, 0x80);
ABI_OFFSET(struct state, xmm, 0x90);
ABI_OFFSET(struct state, host_rsp, 0x190);
ABI_OFFSET(struct state, code, 0x198);

void native_run(void);
extern const char native_back[];

#define EACH_GPR(insn)							\
	insn(rax, 0x00) insn(rcx, 0x08) insn(rdx, 0x10)			\
	insn(rbx, 0x18) insn(rsp, 0x20) insn(rbp, 0x28)			\
	insn(rsi, 0x30) insn(rdi, 0x38) insn(r8, 0x40) insn(r9, 0x48)	\
	insn(r10, 0x50) insn(r11, 0x58) insn(r12, 0x60)			\
	insn(r13, 0x68) insn(r14, 0x70) insn(r15, 0x78)
#define GPR_LOAD(reg, at) "mov 0x6000000+" #at ", %" #reg "\n\t"
#define GPR_STORE(reg, at) "mov %" #reg ", 0x6000000+" #at "\n\t"
#define EACH_XMM(insn)							\
	insn(0) insn(1) insn(2) insn(3) insn(4) insn(5) insn(6) insn(7)	\
	insn(8) insn(9) insn(10) insn(11) insn(12) insn(13) insn(14)	\
	insn(15)
#define XMM_LOAD(n) "movdqu 0x6000090+16*" #n ", %xmm" #n "\n\t"
#define XMM_STORE(n) "movdqu %xmm" #n ", 0x6000090+16*" #n "\n\t"

asm(".text\n"
    "native_run:\n\t"
    "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n\t"
    "mov %rsp, 0x6000190\n\t"
    EACH_XMM(XMM_LOAD)
    "pushq 0x6000080; popfq\n\t"
    EACH_GPR(GPR_LOAD)
    "jmp *0x6000198\n"
    "native_back:\n\t"
    EACH_GPR(GPR_STORE)
    "mov 0x6000190, %rsp\n\t"
    "pushfq; popq 0x6000080; cld\n\t"
    EACH_XMM(XMM_STORE)
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n\t"
    "ret\n");

static struct vcpu *vcpu;
static struct anchor_vcpu pub;
static struct state emulated;	/* the registers that the core works on */
static u8 device[HALF_BYTES];
static bool raised;
static volatile bool native_faulted;

void xmm_read(u8 reg, union insn_value *value)
{
	*value = emulated.xmm[reg];
}

void xmm_write(u8 reg, const union insn_value *value)
{
	emulated.xmm[reg] = *value;
}

u64 bus_read(struct bus *bus, struct bus_access at)
{
	u64 value = 0;

	assert_ptr_equal(bus, &test_vm.platform.bus);
	assert_in_range(at.address, DEVICE, DEVICE + HALF_BYTES - at.bytes);
	memcpy(&value, device + (at.address - DEVICE), at.bytes);
	return value;
}

void bus_write(struct bus *bus, struct bus_access at, u64 value)
{
	assert_ptr_equal(bus, &test_vm.platform.bus);
	assert_in_range(at.address, DEVICE, DEVICE + HALF_BYTES - at.bytes);
	memcpy(device + (at.address - DEVICE), &value, at.bytes);
}

void event_raise(struct vcpu *v, struct guest_event exception)
{
	(void)v;
	(void)exception;
	raised = true;
}

void vcpu_inject_gp(struct vcpu *v)
{
	(void)v;
	raised = true;
}

void vcpu_inject_pf(struct vcpu *v, u64 gva, u32 error)
{
	(void)v;
	(void)gva;
	(void)error;
	raised = true;
}

void vcpu_completed(struct vcpu *v)
{
	(void)v;
	fail();
}

void vcpu_trap(struct vcpu *v)
{
	(void)v;
	fail();
}

static void *map_fixed(u64 at, size_t bytes, int protection)
{
	void *p = mmap((void *)at, bytes, protection,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		       -1, 0);

	assert_ptr_equal(p, (void *)at);
	return p;
}

/* Goes on where the instruction would have led to. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)signal;
	(void)info;
	native_faulted = true;
	u->uc_mcontext.gregs[REG_RIP] = (greg_t)native_back;
}

/* cmocka has handlers of its own, from before each test. */
static void faults_catch(void)
{
	static u8 stack[65536];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_sigaction = on_fault,
				 .sa_flags = SA_ONSTACK | SA_SIGINFO };

	sigaltstack(&alternate, NULL);
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGILL, &act, NULL);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	vcpu = &test_vcpu[0];
	vcpu->pub = &pub;
	vcpu->code_bits = 64;
	map_fixed(AREA, AREA_BYTES, PROT_READ | PROT_WRITE);
	map_fixed(STATE, 4096, PROT_READ | PROT_WRITE);
	map_fixed(CODE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_ram_free();
	munmap((void *)AREA, AREA_BYTES);
	munmap((void *)STATE, 4096);
	munmap((void *)CODE, 4096);
	return 0;
}

static u64 below(u64 limit)
{
	return random_next() % limit;
}

/* Somewhere in the area, mostly in the device and often across a page. */
static u64 random_target(void)
{
	u64 at = 2048 + below(AREA_BYTES - 4096);

	if (below(4))
		at = HALF_BYTES + below(HALF_BYTES - 2048);
	if (!below(4))
		at = 4096 * (1 + below(5)) - below(16);
	if (below(2))
		at &= ~15ull;
	return AREA + at;
}

/* Registers so that the operand in memory is in the area; false: cannot. */
static bool aim(const struct insn *i, u64 *gpr)
{
	const struct insn_address *a = &i->address;
	u64 target = random_target() - a->displacement;
	bool by_bit = i->op >= INSN_BT && i->op <= INSN_BTC &&
		      i->operands == INSN_M_R;

	if (a->segment >= SEG_FS || a->rip)
		return false;
	if (by_bit) {
		gpr[i->reg] = below(4096) - 2048;
		if (i->reg == a->base || i->reg == a->index)
			return false;
	}
	if (a->base < 0 && a->index < 0)
		return i->operands >= INSN_STRING;
	if (a->base < 0) {
		gpr[a->index] = target >> a->scale;
	} else if (a->base == a->index) {
		gpr[a->base] = target / (1 + (1u << a->scale));
	} else {
		u64 index = a->index < 0 ? 0 : gpr[a->index] << a->scale;

		gpr[a->base] = target - index;
	}
	return true;
}

/* Few elements, both ends in the area, on the way that DF says. */
static void aim_string(const struct insn *i, struct state *s)
{
	s->gpr[RSI] = random_target();
	s->gpr[RDI] = random_target();
	s->gpr[RCX] = below(i->repeat ? 40 : 4000);
	if (!below(3))
		s->gpr[RAX] = 0;
	if (below(2))
		s->rflags |= RFLAGS_DF;
}

static bool in_area(u64 at, u8 bytes)
{
	return at >= AREA + 512 && at + bytes <= AREA + AREA_BYTES - 512;
}

/* The address as ours finds it, for what aim() could not reach. */
static bool reaches(const struct insn *i)
{
	struct run r = { .vcpu = vcpu, .insn = i };

	return i->operands >= INSN_STRING ||
	       in_area(operand_offset(&r), i->memory_bytes);
}

static void random_state_fill(struct state *s)
{
	for (int n = 0; n < GPRS; n++)
		s->gpr[n] = below(4) ? random_next() : below(256);
	for (int n = 0; n < 16; n++)
		for (int w = 0; w < 2; w++)
			s->xmm[n].word[w] = random_next();
	s->gpr[RSP] = random_target() & ~7ull;
	s->rflags = 0x202 | (random_next() & RFLAGS_STATUS);
}

static void random_memory(u8 *ram)
{
	u64 *native = (u64 *)AREA;

	for (size_t n = 0; n < AREA_BYTES / 8; n++)
		native[n] = random_next();
	/* strings also have to find something equal */
	memset(native + below(AREA_BYTES / 16), 0, 512);
	memcpy(ram, native, HALF_BYTES);
	memcpy(device, (u8 *)native + HALF_BYTES, HALF_BYTES);
}

/* false: it faults */
static bool run_native(const u8 *bytes, u8 len, const struct state *start)
{
	static const u8 jump[] = { 0xff, 0x25, 0, 0, 0, 0 };
	u8 *code = (u8 *)CODE;
	u64 back = (u64)native_back;
	struct state *s = (struct state *)STATE;

	memcpy(code, bytes, len);
	memcpy(code + len, jump, sizeof(jump));
	memcpy(code + len + sizeof(jump), &back, sizeof(back));
	*s = *start;
	s->code = CODE;
	native_faulted = false;
	native_run();
	return !native_faulted;
}

/* As the hardware would say: where the device is touched first. */
static struct exit_info exit_of(const struct insn *i, u64 at)
{
	struct exit_info exit = { .npf = { .gpa = DEVICE } };

	/* RAM alone makes no exit; by way of the tables all can */
	exit.npf.walk = at + i->memory_bytes <= DEVICE;
	if (i->operands < INSN_STRING && at >= DEVICE) {
		exit.npf.gpa = at;
		exit.npf.write = memory_is_written(i) &&
				 (!memory_is_read(i) || below(2));
		if (at % 4096 + i->memory_bytes > 4096 && below(2))
			exit.npf.gpa = ALIGN_DOWN(at + 4096, 4096);
	}
	return exit;
}

static bool run_emulated(const struct insn *i, const struct state *start)
{
	struct run r = { .vcpu = vcpu, .insn = i };
	struct exit_info exit;

	emulated = *start;
	memcpy(vcpu->gpr, start->gpr, sizeof(vcpu->gpr));
	vcpu->rflags = start->rflags;
	vcpu->rip = CODE;
	raised = false;
	exit = exit_of(i, operand_offset(&r));
	insn_run(vcpu, &exit, i);
	memcpy(emulated.gpr, vcpu->gpr, sizeof(vcpu->gpr));
	emulated.rflags = vcpu->rflags;
	return !raised;
}

static const char *compare(const struct state *native, const u8 *ram)
{
	u64 flags = RFLAGS_STATUS | RFLAGS_DF;

	if (memcmp(native->gpr, emulated.gpr, sizeof(native->gpr)))
		return "registers";
	if ((native->rflags ^ emulated.rflags) & flags)
		return "flags";
	if (memcmp(native->xmm, emulated.xmm, sizeof(native->xmm)))
		return "vector registers";
	if (memcmp((void *)AREA, ram, HALF_BYTES))
		return "RAM";
	if (memcmp((void *)DEVICE, device, HALF_BYTES))
		return "the device";
	return NULL;
}

static void say_and_fail(const char *what, const u8 *bytes, u8 len)
{
	const struct state *s = (const void *)STATE;

	print_error("%s:", what);
	for (u8 n = 0; n < len; n++)
		print_error(" %02x", bytes[n]);
	print_error(" (rip %llx)\n", vcpu->rip);
	for (int n = 0; n < GPRS; n++)
		if (s->gpr[n] != emulated.gpr[n])
			print_error("gpr %d: %llx, not %llx\n", n,
				    emulated.gpr[n], s->gpr[n]);
	print_error("flags: %llx, not %llx\n", emulated.rflags, s->rflags);
	fail();
}

static void random_insn(u8 *bytes)
{
	static const u8 prefixes[] = {
		0x66, 0x66, 0x67, 0xf2, 0xf3, 0xf3, 0xf0, 0x40, 0x44, 0x48,
		0x48, 0x4f, 0x41,
	};
	u64 chance = random_next();
	int at = 0;

	for (int i = 0; i < INSN_BYTES_MAX; i++)
		bytes[i] = (u8)random_next();
	for (; chance % 3 == 0 && at < 3; chance /= 3)
		bytes[at++] = prefixes[below(sizeof(prefixes))];
	if (chance % 2)
		bytes[at++] = 0x0f;
	if (chance % 16 == 1)
		bytes[at] = 0x38;
}

/* One instruction both ways; false: it is not one that can be tried. */
static bool try_one(u8 *ram, unsigned int *seen)
{
	u8 bytes[INSN_BYTES_MAX];
	struct state start;
	struct oracle o;
	struct insn i;
	bool native, ours;
	const char *differs = NULL;

	random_insn(bytes);
	if (!insn_decode(bytes, sizeof(bytes), 64, &i) ||
	    !oracle_decode(64, bytes, sizeof(bytes), &o))
		return false;
	random_state_fill(&start);
	if (i.operands == INSN_STRING && i.address.segment < SEG_FS)
		aim_string(&i, &start);
	else if (!aim(&i, start.gpr))
		return false;
	memcpy(vcpu->gpr, start.gpr, sizeof(vcpu->gpr));
	if (!reaches(&i) || (i.op != INSN_PUSH && i.op != INSN_POP ? false :
			     !in_area(start.gpr[RSP], 16)))
		return false;
	random_memory(ram);
	native = run_native(bytes, i.len, &start);
	ours = run_emulated(&i, &start);
	if (native != ours)
		differs = native ? "ours faults" : "the CPU faults";
	else if (native)
		differs = compare((const struct state *)STATE, ram);
	if (!differs && native && vcpu->rip != CODE + i.len)
		differs = "length";
	if (differs)
		say_and_fail(differs, bytes, i.len);
	seen[i.op]++;
	return true;
}

static void results_are_those_of_the_cpu(void **state)
{
	static unsigned int seen[INSN_OPS];
	u8 *ram = vm_memory(&test_vm, AREA, HALF_BYTES);

	(void)state;
	faults_catch();
	for (int n = 0; n < ROUNDS; n++)
		try_one(ram, seen);
	for (int op = 0; op < INSN_OPS; op++)
		assert_true(seen[op] > 5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(results_are_those_of_the_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
