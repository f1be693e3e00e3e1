/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IN, OUT and their string forms: what reaches the ports, what guest memory
 * and registers hold afterwards, and which faults come instead.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/exit/guest_access.c"
#include "vmm-core/exit/insn.c"
#include "vmm-core/exit/insn_fetch.c"
#include "vmm-core/exit/insn_memory.c"
#include "vmm-core/exit/io.c"

#define RWU	(PTE_PRESENT | PTE_WRITE | PTE_USER)
#define DATA	0x400000ull	/* mapped one to one, as is the code */
#define CODE	0x300000ull
#define DEVICE	0xfec00000ull

static struct vcpu *vcpu;
static struct anchor_vcpu pub;
static u64 *leaves;		/* of the 2 MiB that DATA begins */
static u32 sent[4096];
static unsigned int sent_count;
static u32 next_in;
static u64 fault_gva, fault_error;
static bool faulted;
static u32 device[16];
static struct guest_event raised;
static unsigned int traps;

void bus_out(struct bus *bus, struct bus_access at, u32 value)
{
	assert_ptr_equal(bus, &test_vm.platform.bus);
	assert_int_equal(at.address, 0x3f8);
	assert_true(sent_count < ARRAY_SIZE(sent));
	sent[sent_count++] = value;
}

u32 bus_in(struct bus *bus, struct bus_access at)
{
	assert_ptr_equal(bus, &test_vm.platform.bus);
	assert_int_equal(at.vcpu, 0);
	return next_in++;
}

/* A device of 32-bit registers. */
static u32 *device_register(struct bus_access at)
{
	static u32 nobody;

	if (at.address >= DEVICE && at.address < DEVICE + sizeof(device) &&
	    at.bytes == 4)
		return &device[at.address % sizeof(device) / 4];
	nobody = ~0u;
	return &nobody;
}

u64 bus_read(struct bus *bus, struct bus_access at)
{
	(void)bus;
	return *device_register(at);
}

void bus_write(struct bus *bus, struct bus_access at, u64 value)
{
	(void)bus;
	*device_register(at) = (u32)value;
}

void event_raise(struct vcpu *v, struct guest_event exception)
{
	(void)v;
	raised = exception;
}

void vcpu_inject_gp(struct vcpu *v)
{
	(void)v;
	fail();
}

void vcpu_completed(struct vcpu *v)
{
	(void)v;
	traps++;
}

void vcpu_trap(struct vcpu *v)
{
	(void)v;
	traps++;
}

void vcpu_inject_pf(struct vcpu *v, u64 gva, u32 error)
{
	(void)v;
	faulted = true;
	fault_gva = gva;
	fault_error = error;
}

static void get_segment(struct vcpu *v, enum segment segment,
			struct segment_state *state)
{
	(void)v;
	*state = (struct segment_state){
		/* DS is ignored by 64-bit code */
		.base = segment == SEG_DS ? 0x1000 :
			segment == SEG_FS ? 0x2000 : 0,
	};
}

static const struct hv_ops ops = { .get_segment = get_segment };

static u64 *table(u64 gpa)
{
	return vm_memory(&test_vm, gpa, 4096);
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	test_ram_init();
	hv = &ops;
	memset(&pub, 0, sizeof(pub));
	vcpu = &test_vcpu[0];
	vcpu->pub = &pub;
	vcpu->code_bits = 64;
	vcpu->rip = CODE;
	pub.cr0 = CR0_PG | CR0_WP | 1;
	pub.cr3 = 0x100000;
	pub.cr4 = CR4_PAE;
	pub.efer = BIT(8) | BIT(10);
	table(0x100000)[0] = 0x101000 | RWU;
	table(0x101000)[0] = 0x102000 | RWU;
	table(0x102000)[1] = 0x200000 | RWU | PTE_LARGE;
	table(0x102000)[2] = 0x103000 | RWU;
	leaves = table(0x103000);
	for (u64 i = 0; i < 8; i++)
		leaves[i] = (DATA + i * 4096) | RWU;
	sent_count = 0;
	next_in = 0x11;
	faulted = false;
	traps = 0;
	raised.type = GUEST_EVENT_NONE;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_ram_free();
	return 0;
}

static void code(const char *bytes, size_t n)
{
	memcpy(vm_memory(&test_vm, CODE, n), bytes, n);
}

static struct exit_info run(const struct exit_io *io, u8 len, u8 cpl)
{
	struct exit_info exit = { .io = *io, .insn_len = len, .cpl = cpl };

	vcpu->cpl = cpl;

	handle_io(vcpu, &exit);
	return exit;
}

static void in_replaces_what_it_reads(void **state)
{
	static const u64 expect[] = { [1] = 0xaaaaaaaaaaaaaa11,
				      [2] = 0xaaaaaaaaaaaa5512, [4] = 0x5513 };
	(void)state;
	for (u8 bytes = 1; bytes <= 4; bytes *= 2) {
		vcpu->gpr[RAX] = 0xaaaaaaaaaaaaaaaa;
		next_in |= 0x5500;
		run(&(struct exit_io){ .port = 0x60, .bytes = bytes,
				       .in = true }, 1, 0);
		assert_int_equal(vcpu->gpr[RAX], expect[bytes]);
	}
	assert_int_equal(vcpu->rip, CODE + 3);
}

/* A fast path has read the port: once, though it goes the whole way. */
static void in_takes_what_was_read_before(void **state)
{
	const struct exit_io inb = { .port = 0x60, .bytes = 1, .in = true };

	(void)state;
	vcpu->port_read = true;
	vcpu->port_value = 0x99;
	run(&inb, 1, 0);
	assert_int_equal(vcpu->gpr[RAX], 0x99);
	assert_int_equal(next_in, 0x11);
	run(&inb, 1, 0);
	assert_int_equal(vcpu->gpr[RAX], 0x11);
}

static void out_sends_only_its_bytes(void **state)
{
	struct exit_info exit;

	(void)state;
	vcpu->gpr[RAX] = 0x1122334455667788;
	exit = run(&(struct exit_io){ .port = 0x3f8, .bytes = 2 }, 2, 0);
	assert_int_equal(sent[0], 0x7788);
	assert_int_equal(exit.detail, 0x3f8 | 2 << 16 | EVENT_DETAIL_WRITE);
}

static const struct exit_io outsb = { .port = 0x3f8, .bytes = 1,
				      .string = true, .rep = true };
static const struct exit_io insb = { .port = 0x60, .bytes = 1, .in = true,
				     .string = true, .rep = true };

static void string_out_reads_memory_across_pages(void **state)
{
	(void)state;
	code("\xf3\x6e", 2);
	memset(vm_memory(&test_vm, DATA + 4090, 12), 'x', 12);
	vcpu->gpr[RSI] = DATA + 4090;
	vcpu->gpr[RCX] = 12;
	run(&outsb, 2, 0);
	assert_int_equal(sent_count, 12);
	assert_int_equal(sent[11], 'x');
	assert_int_equal(vcpu->gpr[RSI], DATA + 4102);
	assert_int_equal(vcpu->gpr[RCX], 0);
	assert_int_equal(vcpu->rip, CODE + 2);
}

static void segment_override_and_direction_count(void **state)
{
	(void)state;
	code("\x64\x6f", 2);
	vcpu->rflags = RFLAGS_DF;
	*(u32 *)vm_memory(&test_vm, DATA + 0x2000, 4) = 0xcafe;
	vcpu->gpr[RSI] = DATA;
	run(&(struct exit_io){ .port = 0x3f8, .bytes = 4, .string = true },
	    2, 0);
	assert_int_equal(sent[0], 0xcafe);
	assert_int_equal(vcpu->gpr[RSI], DATA - 4);
}

static void string_in_writes_memory(void **state)
{
	(void)state;
	code("\xf3\x6c", 2);
	vcpu->gpr[RDI] = DATA;
	vcpu->gpr[RCX] = 3;
	run(&insb, 2, 0);
	assert_memory_equal(vm_memory(&test_vm, DATA, 3), "\x11\x12\x13", 3);
}

/* A user program with leave for a port must not get the kernel's memory out
 * by it, nor write to it. */
static void string_io_asks_for_the_callers_rights(void **state)
{
	(void)state;
	code("\xf3\x6e", 2);
	leaves[0] &= ~PTE_USER;
	vcpu->gpr[RSI] = DATA;
	vcpu->gpr[RCX] = 4;
	run(&outsb, 2, 3);
	assert_true(faulted);
	assert_int_equal(sent_count, 0);
	assert_int_equal(fault_gva, DATA);
	assert_int_equal(fault_error, ACCESS_USER | PF_PRESENT);
	assert_int_equal(vcpu->rip, CODE);
	run(&outsb, 2, 0);
	assert_int_equal(sent_count, 4);
}

/* Finished steps stay done; the rest follows after the fault is mended. */
static void string_in_stops_at_a_fault_and_loses_no_byte(void **state)
{
	(void)state;
	code("\xf3\x6c", 2);
	leaves[1] &= ~PTE_WRITE;
	vcpu->gpr[RDI] = DATA + 4094;
	vcpu->gpr[RCX] = 4;
	run(&insb, 2, 0);
	assert_true(faulted);
	assert_int_equal(fault_gva, DATA + 4096);
	assert_int_equal(fault_error, ACCESS_WRITE | PF_PRESENT);
	assert_int_equal(vcpu->gpr[RCX], 2);
	assert_int_equal(next_in, 0x13);
	leaves[1] |= PTE_WRITE;
	run(&insb, 2, 0);
	assert_memory_equal(vm_memory(&test_vm, DATA + 4094, 4),
			    "\x11\x12\x13\x14", 4);
	assert_int_equal(vcpu->rip, CODE + 2);
}

/* An element that crosses into a page that is not there takes nothing. */
static void element_across_a_fault_takes_no_input(void **state)
{
	(void)state;
	code("\x6d", 1);
	leaves[1] = 0;
	vcpu->gpr[RDI] = DATA + 4094;
	run(&(struct exit_io){ .port = 0x60, .bytes = 4, .in = true,
			       .string = true }, 1, 0);
	assert_true(faulted);
	assert_int_equal(fault_error, ACCESS_WRITE);
	assert_int_equal(next_in, 0x11);
	leaves[1] = (DATA + 4096) | RWU;
	run(&(struct exit_io){ .port = 0x60, .bytes = 4, .in = true,
			       .string = true }, 1, 0);
	assert_memory_equal(vm_memory(&test_vm, DATA + 4094, 4),
			    "\x11\0\0\0", 4);
}

static void long_strings_let_interrupts_in(void **state)
{
	(void)state;
	code("\xf3\x6e", 2);
	vcpu->gpr[RSI] = DATA;
	vcpu->gpr[RCX] = 1500;
	run(&outsb, 2, 0);
	assert_int_equal(vcpu->rip, CODE);
	assert_int_equal(vcpu->gpr[RCX], 1500 - INSN_ELEMENTS_MAX);
	run(&outsb, 2, 0);
	assert_int_equal(vcpu->rip, CODE + 2);
	assert_int_equal(sent_count, 1500);
}

static void address_size_masks_the_registers(void **state)
{
	(void)state;
	code("\x67\xf3\x6e", 3);
	memset(vm_memory(&test_vm, DATA, 2), 'y', 2);
	vcpu->gpr[RSI] = 0xffffffff00000000 | DATA;
	vcpu->gpr[RCX] = 0xffffffff00000002;
	run(&outsb, 3, 0);
	assert_int_equal(sent_count, 2);
	assert_int_equal(sent[1], 'y');
	assert_int_equal(vcpu->gpr[RSI], DATA + 2);
	assert_int_equal(vcpu->gpr[RCX], 0);
}

static void memory_outside_ram_reads_as_ones(void **state)
{
	(void)state;
	code("\x6e", 1);
	leaves[0] = 0xd0000000 | RWU;
	vcpu->gpr[RSI] = DATA;
	run(&(struct exit_io){ .port = 0x3f8, .bytes = 1, .string = true },
	    1, 0);
	assert_int_equal(sent[0], 0xff);
	assert_false(faulted);
}

/* Each register of the device is asked for once, and whole. */
static void devices_take_part_in_strings(void **state)
{
	(void)state;
	code("\xf3\x6f", 2);
	leaves[0] = DEVICE | RWU;
	device[0] = 0xabcd1234;
	device[1] = 0x55667788;
	vcpu->gpr[RSI] = DATA;
	vcpu->gpr[RCX] = 2;
	run(&(struct exit_io){ .port = 0x3f8, .bytes = 4, .string = true,
			       .rep = true }, 2, 0);
	assert_int_equal(sent[0], 0xabcd1234);
	assert_int_equal(sent[1], 0x55667788);
	code("\x6d", 1);
	vcpu->gpr[RDI] = DATA + 8;
	run(&(struct exit_io){ .port = 0x60, .bytes = 4, .in = true,
			       .string = true }, 1, 0);
	assert_int_equal(device[2], 0x11);
}

static void what_is_not_canonical_faults(void **state)
{
	(void)state;
	code("\x6e", 1);
	vcpu->gpr[RSI] = 0x800000000000;
	run(&(struct exit_io){ .port = 0x3f8, .bytes = 1, .string = true },
	    1, 0);
	assert_int_equal(raised.vector, VECTOR_GP);
	assert_int_equal(sent_count, 0);
	assert_int_equal(vcpu->rip, CODE);
}

/* A guest that steps itself sees every element of a REP. */
static void trap_flag_stops_behind_each_element(void **state)
{
	(void)state;
	code("\xf3\x6e", 2);
	vcpu->rflags = RFLAGS_TF;
	vcpu->gpr[RSI] = DATA;
	vcpu->gpr[RCX] = 2;
	run(&outsb, 2, 0);
	assert_int_equal(sent_count, 1);
	assert_int_equal(traps, 1);
	assert_int_equal(vcpu->rip, CODE);
	run(&outsb, 2, 0);
	assert_int_equal(traps, 2);
	assert_int_equal(vcpu->rip, CODE + 2);
}

/* As the CPU would have marked them, for a guest that writes pages back. */
static void memory_written_is_marked_dirty(void **state)
{
	(void)state;
	code("\xf3\x6c", 2);
	vcpu->gpr[RDI] = DATA;
	vcpu->gpr[RCX] = 1;
	run(&insb, 2, 0);
	assert_int_equal(leaves[0] & (PTE_ACCESSED | PTE_DIRTY),
			 PTE_ACCESSED | PTE_DIRTY);
	assert_false(leaves[1] & PTE_ACCESSED);
	code("\xf3\x6e", 2);
	vcpu->gpr[RSI] = DATA + 4096;
	vcpu->gpr[RCX] = 1;
	run(&outsb, 2, 0);
	assert_int_equal(leaves[1] & (PTE_ACCESSED | PTE_DIRTY), PTE_ACCESSED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(in_replaces_what_it_reads),
		TEST(in_takes_what_was_read_before),
		TEST(out_sends_only_its_bytes),
		TEST(string_out_reads_memory_across_pages),
		TEST(segment_override_and_direction_count),
		TEST(string_in_writes_memory),
		TEST(string_io_asks_for_the_callers_rights),
		TEST(string_in_stops_at_a_fault_and_loses_no_byte),
		TEST(element_across_a_fault_takes_no_input),
		TEST(long_strings_let_interrupts_in),
		TEST(address_size_masks_the_registers),
		TEST(memory_outside_ram_reads_as_ones),
		TEST(devices_take_part_in_strings),
		TEST(what_is_not_canonical_faults),
		TEST(trap_flag_stops_behind_each_element),
		TEST(memory_written_is_marked_dirty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
