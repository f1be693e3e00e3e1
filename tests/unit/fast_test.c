/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast paths of SVM's commonest exits: what they complete, what they
 * record, and what they must leave to the whole way, untouched.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/abi/hypercall.h"
#include "vmm-core/svm/fast.c"

#define RIP		0xffffffff81000ff0ull
#define CR3		0x5000
#define CR4		0x20
#define TSC		1000

static struct vcpu *vcpu;
static struct vmcb vmcb;
static struct anchor_vcpu pub;
static struct svm_vcpu svm;
static struct ring *ring;
static u8 code[FETCH_PAGE_BYTES];
static u64 tables[FETCH_LEVELS];
static u64 port_value;
static void (*port_effect)(void);

u64 cpuid_answer(struct vcpu *v, u32 leaf)
{
	v->gpr[RAX] = 0x10;
	v->gpr[RBX] = 0x20;
	return leaf;
}

bool msr_read(struct vcpu *v, u32 index, u64 *value)
{
	(void)v;
	*value = 0x1122334455667788ull;
	return index != 0xbad;
}

u32 bus_in(struct bus *bus, struct bus_access at)
{
	(void)bus;
	assert_int_equal(at.address, 0x3fd);
	if (port_effect)
		port_effect();
	return (u32)port_value;
}

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	vcpu = &test_vcpu[0];
	memset(&pub, 0, sizeof(pub));
	memset(&vmcb, 0, sizeof(vmcb));
	memset(code, 0x90, sizeof(code));
	ring = aligned_alloc(4096, RING_BYTES(RING_SLOTS_MIN));
	memset(ring, 0xa5, RING_BYTES(RING_SLOTS_MIN));
	ring_init(ring, 0, RING_SLOTS_MIN);
	svm = (struct svm_vcpu){ .vmcb = &vmcb };
	record_source_init(&svm.record, ring, &pub, 3, 1);
	vcpu->hv = (struct hv_vcpu *)&svm;
	vcpu->pub = &pub;
	vcpu->gpr[RCX] = 0xc0c0;
	vcpu->gpr[RBX] = 0xb0b0;
	vcpu->gpr[RDX] = 0xd0d0;
	vcpu->gpr[RSI] = 0x5151;
	test_cpu.timer_deadline = 5000;
	test_vm.platform.bus.next_tsc = ~0ull;
	port_effect = NULL;
	vmcb.rip = RIP;
	vmcb.cr3 = CR3;
	vmcb.cr4 = CR4;
	vmcb.efer = EFER_LMA;
	vmcb.cs.attributes = SEG_LONG;
	vmcb.rflags = RFLAGS_ONE;
	vmcb.guest_asid = 7;
	vmcb.cpl = 3;
	vmcb.eventinj = EVENT_VALID;
	vmcb.interrupt_shadow = 1;
	vmcb.tlb_control = TLB_CONTROL_FLUSH_GUEST;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(ring);
	return 0;
}

/* The instruction at RIP, found there before through so many tables. */
static void code_is(const char *bytes, u64 levels)
{
	struct fetch_entry *f = &vcpu->fetch[fetch_index(vmcb.rip)];

	memcpy(code + vmcb.rip % FETCH_PAGE_BYTES, bytes, 4);
	f->page = ALIGN_DOWN(vmcb.rip, FETCH_PAGE_BYTES);
	f->cr3 = CR3;
	f->cr4 = CR4;
	f->code = code;
	f->levels = levels;
	for (unsigned int i = 0; i < FETCH_LEVELS; i++) {
		tables[i] = 0x1000 * i + 0x63;
		f->level[i].pte = &tables[i];
		f->level[i].value = tables[i];
	}
}

static const void *slot(unsigned int i)
{
	return (u8 *)ring + RING_DATA_OFFSET + i * EVENT_SLOT_BYTES;
}

/* A VMEXIT record in slot i, and RIP behind the instruction. */
static void completed(unsigned int i, u32 seq, u32 raw, u16 reason, u64 detail,
		      u8 len)
{
	struct event_vmexit have;
	const struct event_vmexit want = {
		.h = { .tsc = TSC, .seq = seq, .id = EVENT_VMEXIT, .slots = 1,
		       .vm = 3 },
		.vcpu = 1, .reason = reason, .asid = 7,
		.cpl_known = 3 | EVENT_KNOWN_ALL,
		.isa_len = EVENT_ISA_LEN(ISA_SVM, len), .raw_code = raw,
		.handle_cycles = 0xffffffff, .rip = RIP, .cr3 = CR3,
		.detail = detail,
	};

	memcpy(&have, slot(i), sizeof(have));
	assert_memory_equal(&have, &want, sizeof(want));
	assert_int_equal(vmcb.rip, RIP + len);
	assert_int_equal(vmcb.eventinj, 0);
	assert_int_equal(vmcb.interrupt_shadow, 0);
	assert_int_equal(vmcb.tlb_control, TLB_CONTROL_NONE);
	assert_int_equal(pub.exits, 1);
	assert_int_equal(pub.by_reason[reason], 1);
	assert_int_equal(pub.last_reason, reason);
	assert_int_equal(pub.cr3, CR3);
	assert_int_equal(pub.cr4, CR4);
	assert_int_equal(pub.efer, EFER_LMA);
}

/* Nothing of the guest's, and nothing in the ring. */
static void untouched(void)
{
	assert_int_equal(vmcb.rip, RIP);
	assert_int_equal(vmcb.eventinj, EVENT_VALID);
	assert_int_equal(ring->written, 0);
	assert_int_equal(pub.exits, 0);
	assert_int_equal(vcpu->gpr[RBX], 0xb0b0);
}

static void cpuid_is_answered(void **state)
{
	(void)state;
	vmcb.rax = 0;
	code_is("\x0f\xa2\x90\x90", 4);
	assert_int_equal(svm_fast_cpuid(vcpu, &vmcb, TSC), 0);
	assert_int_equal(vmcb.rax, cpuid(0, 0).eax);
	assert_int_equal(vcpu->gpr[RBX], cpuid(0, 0).ebx);
	completed(0, 0, SVM_EXIT_CPUID, EXIT_CPUID, 0xc0c0ull << 32, 2);
	assert_int_equal(ring->head, 1);
}

static void cpuid_that_the_core_answers(void **state)
{
	(void)state;
	vmcb.rax = 1;
	code_is("\x0f\xa2\x90\x90", 3);
	assert_int_equal(svm_fast_cpuid(vcpu, &vmcb, TSC), 0);
	assert_int_equal(vmcb.rax, 0x10);
	completed(0, 0, SVM_EXIT_CPUID, EXIT_CPUID, 1, 2);
}

static void hypercall_makes_two_records(void **state)
{
	struct event_hypercall have;
	const struct event_hypercall want = {
		.h = { .tsc = TSC, .seq = 0, .id = EVENT_HYPERCALL, .slots = 2,
		       .vm = 3 },
		.vcpu = 1, .cpl_known = 3 | EVENT_KNOWN_ALL, .isa = ISA_SVM,
		.cycles = 0xffffffff,
		.number = HC_MARK, .args = { 0xb0b0, 0xc0c0, 0xd0d0, 0x5151 },
		.result = 0, .rip = RIP, .cr3 = CR3,
	};

	(void)state;
	vmcb.rax = HC_MARK;
	code_is("\x0f\x01\xd9\x90", 3);
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), 0);
	memcpy(&have, slot(0), sizeof(have));
	assert_memory_equal(&have, &want, sizeof(want));
	completed(2, 1, SVM_EXIT_VMMCALL, EXIT_HYPERCALL, HC_MARK, 3);
	assert_int_equal(vmcb.rax, 0);
	assert_int_equal(pub.hypercalls, 1);
	assert_int_equal(ring->written, 2);
	assert_int_equal(ring->head, 3);
}

static void hypercalls_that_are_not_for_it(void **state)
{
	(void)state;
	code_is("\x0f\x01\xd9\x90", 3);
	vmcb.rax = HC_STOP;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	untouched();
	vmcb.rax = 1;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	untouched();
	/* both records do not fit in the page any more: one would cross it */
	vmcb.rax = HC_NOP;
	ring->head = RING_PAGE_SLOTS - 2;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	untouched();
	ring->head = RING_PAGE_SLOTS - 3;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), 0);
	assert_int_equal(ring->head, RING_PAGE_SLOTS);
}

/* Each reason to distrust what the instruction was, alone. */
static void doubtful_code_goes_the_whole_way(void **state)
{
	struct fetch_entry *f = &vcpu->fetch[fetch_index(RIP)];
	struct vmcb good;

	(void)state;
	vmcb.rax = HC_NOP;
	code_is("\x0f\x01\xd9\x90", FETCH_LEVELS);
	good = vmcb;
	for (unsigned int i = 0; i < FETCH_LEVELS; i++) {
		tables[i] ^= 0x20;
		assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
		untouched();
		tables[i] ^= 0x20;
	}
	code[RIP % FETCH_PAGE_BYTES] = 0x66;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	code[RIP % FETCH_PAGE_BYTES] = 0x0f;
#define DOUBT(field, value) do {					\
		vmcb.field = (value);					\
		assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC); \
		untouched();						\
		vmcb = good;						\
	} while (0)
	DOUBT(cr3, CR3 + 0x1000);
	DOUBT(cr4, CR4 | 0x1000);
	DOUBT(efer, 0);
	DOUBT(cs.attributes, SEG_DEFAULT32);
	DOUBT(rflags, RFLAGS_ONE | RFLAGS_TF);
	DOUBT(rflags, RFLAGS_ONE | 0x8000);
	f->page += FETCH_PAGE_BYTES * FETCH_ENTRIES;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	untouched();
	f->page -= FETCH_PAGE_BYTES * FETCH_ENTRIES;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), 0);
}

static void code_at_the_end_of_a_page(void **state)
{
	(void)state;
	vmcb.rax = HC_NOP;
	vmcb.rip = ALIGN_DOWN(RIP, FETCH_PAGE_BYTES) + FETCH_PAGE_BYTES - 4;
	code_is("\x0f\x01\xd9\x90", 3);
	vmcb.rip++;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), TSC);
	vmcb.rip--;
	assert_int_equal(svm_fast_hypercall(vcpu, &vmcb, TSC), 0);
}

static void msr_is_read(void **state)
{
	(void)state;
	vcpu->gpr[RCX] = 0x1b;
	code_is("\x0f\x32\x90\x90", 2);
	assert_int_equal(svm_fast_msr(vcpu, &vmcb, TSC), 0);
	assert_int_equal(vmcb.rax, 0x55667788);
	assert_int_equal(vcpu->gpr[RDX], 0x11223344);
	completed(0, 0, SVM_EXIT_MSR, EXIT_MSR_READ, 0x1b, 2);
}

static void msr_that_is_refused(void **state)
{
	(void)state;
	code_is("\x0f\x32\x90\x90", 2);
	vcpu->gpr[RCX] = 0xbad;
	assert_int_equal(svm_fast_msr(vcpu, &vmcb, TSC), TSC);
	untouched();
}

static void port_in(u32 bytes, u64 rax)
{
	vmcb.rax = 0x8877665544332211ull;
	vmcb.exitinfo1 = 0x3fdull << IOIO_PORT_SHIFT |
			 bytes << IOIO_SIZE_SHIFT | IOIO_IN;
	vmcb.exitinfo2 = RIP + 2;
	port_value = 0xffffffffddccbbaaull;
	assert_int_equal(svm_fast_io(vcpu, &vmcb, TSC), 0);
	assert_int_equal(vmcb.rax, rax);
	completed(0, 0, SVM_EXIT_IOIO, EXIT_IO, 0x3fd | (u64)bytes << 16, 2);
}

static void port_is_read(void **state)
{
	port_in(1, 0x88776655443322aaull);
	teardown(state), setup(state);
	port_in(2, 0x887766554433bbaaull);
	teardown(state), setup(state);
	port_in(4, 0xddccbbaa);
}

static void makes_request(void)
{
	request_post(&vcpu->requests, REQUEST_IRQ);
}

static void makes_irq(void)
{
	vcpu->lapic.irr_any = true;
}

static void makes_pic_irq(void)
{
	test_vm.platform.pic.output = true;
}

static void is_due(void)
{
	test_vm.platform.bus.next_tsc = test_cpu.timer_deadline - 1;
}

/* The device is read once, whatever its reading brings about. */
static void port_whose_reading_has_an_effect(void **state)
{
	void (*const effects[])(void) = { makes_request, makes_irq,
					  makes_pic_irq, is_due };

	for (unsigned int i = 0; i < ARRAY_SIZE(effects); i++) {
		teardown(state), setup(state);
		port_effect = effects[i];
		vmcb.exitinfo1 = 0x3fdull << IOIO_PORT_SHIFT |
				 1u << IOIO_SIZE_SHIFT | IOIO_IN;
		port_value = 0x42;
		assert_int_equal(svm_fast_io(vcpu, &vmcb, TSC), TSC);
		untouched();
		assert_true(vcpu->port_read);
		assert_int_equal(vcpu->port_value, 0x42);
	}
}

static void string_input_is_not_for_it(void **state)
{
	(void)state;
	vmcb.exitinfo1 = 0x3fdull << IOIO_PORT_SHIFT | 1u << IOIO_SIZE_SHIFT |
			 IOIO_IN | IOIO_STRING;
	assert_int_equal(svm_fast_io(vcpu, &vmcb, TSC), TSC);
	untouched();
	assert_false(vcpu->port_read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(cpuid_is_answered),
		T(cpuid_that_the_core_answers),
		T(hypercall_makes_two_records),
		T(hypercalls_that_are_not_for_it),
		T(doubtful_code_goes_the_whole_way),
		T(code_at_the_end_of_a_page),
		T(msr_is_read),
		T(msr_that_is_refused),
		T(port_is_read),
		T(port_whose_reading_has_an_effect),
		T(string_input_is_not_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
