/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM for unit tests of the core's devices and loaders: RAM from malloc, a
 * TSC that the test sets, and the few functions of other rooms that they
 * call, which remember what they were called for.
 *
 * Definitions, not declarations: each test program includes it once, before
 * the files of the core that it tests.
 */
#ifndef TESTS_UNIT_CORE_VM_H
#define TESTS_UNIT_CORE_VM_H

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vmm-core/dev/pc/platform.h"
#include "vmm-core/lib/console.h"
#include "vmm-core/lib/printk.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/cpu/cpu.h"
#include "vmm-core/cpu/tsc.h"
#include "vmm-core/cpu/timer.h"
#include "vmm-core/cpu/wall_clock.h"
#include "vmm-core/trace/trace.h"
#include "vmm-core/vcpu/backend.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* 1 GHz: a tick is a nanosecond */
#define TEST_TSC_KHZ	1000000
#define TEST_RAM_BYTES	(64ull << 20)

u64 tsc_khz = TEST_TSC_KHZ;
u64 machine_stop_tsc;
struct wall_clock wall_clock;
struct anchor anchor;
const struct hv_ops *hv;

static u64 test_tsc;
static struct cpu test_cpu;
#define rdtsc()		(test_tsc)
#define this_cpu()	(&test_cpu)

#include "vmm-core/cpu/request.c"

static struct vm test_vm;
static struct vcpu test_vcpu[VM_VCPUS_MAX];
static struct anchor_vm test_pub;
static struct vcpu_regs test_regs;
/* of other CPUs, and of the one that the tests run on */
static unsigned int test_kicks, test_self_kicks;
static enum vm_state test_stopped;
static char test_log[1024];
static char test_console[256];
static unsigned int test_console_bytes;
/* what the physical console still has for the guest */
static const char *test_input;

static void test_set_regs(struct vcpu *vcpu, const struct vcpu_regs *regs)
{
	(void)vcpu;
	test_regs = *regs;
}

static const struct hv_ops test_ops = { .set_regs = test_set_regs };

static inline void test_vm_init(u16 vcpus)
{
	u16 i;

	memset(&test_vm, 0, sizeof(test_vm));
	memset(test_vcpu, 0, sizeof(test_vcpu));
	memset(&test_pub, 0, sizeof(test_pub));
	memset(&test_regs, 0, sizeof(test_regs));
	hv = &test_ops;
	test_tsc = 1000000;
	test_kicks = 0;
	test_self_kicks = 0;
	test_stopped = VM_STATE_RUNNING;
	test_log[0] = '\0';
	test_console_bytes = 0;
	test_input = "";
	test_vm.vcpus = vcpus;
	test_vm.platform.apics.lapics = vcpus;
	test_vm.pv = VM_PV_ALL;
	test_vm.pub = &test_pub;
	test_pub.extents = 1;
	test_pub.extent[0].bytes = TEST_RAM_BYTES;
	for (i = 0; i < vcpus; i++) {
		test_vm.vcpu[i] = &test_vcpu[i];
		test_vcpu[i].vm = &test_vm;
		test_vcpu[i].index = i;
		test_vcpu[i].cpu = &test_cpu;
		test_vcpu[i].lapic.requests = &test_vcpu[i].requests;
		test_vcpu[i].lapic.bus = &test_vm.platform.apics;
		test_vm.platform.apics.lapic[i] = &test_vcpu[i].lapic;
		test_vcpu[i].requests.cpu = &test_cpu;
	}
}

/* RAM is there only for tests that ask for it. */
static inline void test_ram_init(void)
{
	void *ram = calloc(1, TEST_RAM_BYTES);

	assert_non_null(ram);
	test_pub.extent[0].hpa = (u64)ram;
	test_vm.ram_bytes = TEST_RAM_BYTES;
}

static inline void test_ram_free(void)
{
	free((void *)test_pub.extent[0].hpa);
}

/* never inline, as in the core: there gcc cannot suspect its NULL either */
__attribute__((noinline))
void *vm_memory(struct vm *vm, u64 gpa, u64 len)
{
	u64 bytes = vm->pub->extent[0].bytes;

	if (gpa >= bytes || len > bytes - gpa)
		return NULL;
	return (void *)(vm->pub->extent[0].hpa + gpa);
}

void vm_stop(struct vcpu *vcpu, enum vm_state state,
	     const struct exit_info *exit)
{
	(void)exit;
	test_stopped = state;
	request_post(&vcpu->requests, REQUEST_STOP);
}

void cpu_kick(struct cpu *cpu)
{
	if (cpu == &test_cpu)
		test_self_kicks++;
	else
		test_kicks++;
}

void console_guest_putc(u8 c)
{
	assert_true(test_console_bytes < sizeof(test_console));
	test_console[test_console_bytes++] = (char)c;
}

static struct anchor_range test_ranges[ANCHOR_RANGES_MAX];

struct anchor_range *trace_ranges(u16 vm)
{
	assert_int_equal(vm, test_vm.index);
	return test_ranges;
}

int console_guest_getc(void)
{
	return *test_input ? *test_input++ : -1;
}

void printk(const char *fmt, ...)
{
	size_t used = strlen(test_log);
	va_list args;

	va_start(args, fmt);
	vsnprintf(test_log + used, sizeof(test_log) - used, fmt, args);
	va_end(args);
}

#endif
