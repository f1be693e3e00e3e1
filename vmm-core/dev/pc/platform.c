/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports and pages to devices, devices to interrupt lines, and the one timer
 * that all devices share. Only here do devices meet: each of them knows
 * itself alone.
 */
#include "vmm-core/dev/pc/platform.h"

#include "vmm-core/cpu/wall_clock.h"
#include "vmm-core/dev/clock.h"
#include "vmm-core/lib/console.h"
#include "vmm-core/lib/string.h"
#include "vmm-core/lib/x86.h"
#include "vmm-core/vcpu/vcpu.h"
#include "vmm-core/vcpu/vm.h"

/* ports of no device of ours, but with a meaning on every PC */
#define KBD_STATUS_PORT	0x64
#define KBD_PULSE_RESET	0xfe
#define RESET_CPU	0x04	/* in ACPI_RESET_PORT */

/* a full virtual FIFO is looked at so often: as fast as a real port fills */
#define CONSOLE_POLL_NS	1000000ull

/* The IOAPIC input that an ISA interrupt arrives at. */
static unsigned int irq_pin(unsigned int irq)
{
	return irq == IRQ_PIT ? 2 : irq;
}

/* Whether raising the line could interrupt anybody. */
static bool irq_listened(const struct vm *vm, unsigned int irq)
{
	return pic_listens(&vm->platform.pic, irq) ||
	       ioapic_listens(&vm->platform.ioapic, irq_pin(irq));
}

/* Folds the devices' timers; those that nobody would hear do not count. */
static void platform_schedule(struct vm *vm, u64 now)
{
	struct platform *p = &vm->platform;
	u64 next = p->console_tsc, due;

	if (irq_listened(vm, IRQ_PIT)) {
		due = pit_next(&p->pit, now);
		next = due < next ? due : next;
	}
	if (irq_listened(vm, IRQ_RTC)) {
		due = rtc_next(&p->rtc);
		next = due < next ? due : next;
	}
	if (irq_listened(vm, IRQ_SCI)) {
		due = acpi_pm_next(&p->pm);
		next = due < next ? due : next;
	}
	p->next_tsc = next;
}

void platform_init(struct vm *vm)
{
	struct platform *p = &vm->platform;

	pic_init(&p->pic);
	ioapic_init(&p->ioapic);
	pit_init(&p->pit);
	rtc_init(&p->rtc, wall_clock.tsc, wall_clock.ns);
	acpi_pm_init(&p->pm);
	uart_init(&p->com1);
	p->next_tsc = TSC_NEVER;
	p->console_tsc = TSC_NEVER;
}

void platform_irq(struct vm *vm, unsigned int irq, bool level)
{
	struct pic *pic = &vm->platform.pic;
	struct vcpu *first = vm->vcpu[0];

	pic_set_line(pic, irq, level);
	/* the PIC's INTR is wired to the first vCPU alone */
	if (pic->output && first->cpu != this_cpu() &&
	    lapic_extint_enabled(&first->lapic))
		cpu_kick(first->cpu);
	ioapic_set_line(vm, irq_pin(irq), level);
}

void platform_console_note(void *platform)
{
	struct platform *p = platform;

	p->console_tsc = p->next_tsc = 0;
}

/*
 * The physical port's line stays up, and so is not heard again, until the
 * port is empty. While the guest's has no room for more, the tick comes back.
 */
static void console_input(struct vm *vm, u64 now)
{
	struct platform *p = &vm->platform;
	int byte = 0;

	while (byte >= 0 && uart_has_room(&p->com1)) {
		byte = console_guest_getc();
		if (byte >= 0)
			uart_receive(&p->com1, (u8)byte);
	}
	p->console_tsc = byte < 0 ? TSC_NEVER :
				    now + ns_to_tsc(CONSOLE_POLL_NS);
	platform_irq(vm, IRQ_COM1, uart_irq(&p->com1));
}

void platform_tick(struct vm *vm, u64 now)
{
	struct platform *p = &vm->platform;

	if (now >= p->console_tsc)
		console_input(vm, now);

	if (pit_fires(&p->pit, now)) {
		platform_irq(vm, IRQ_PIT, false);
		platform_irq(vm, IRQ_PIT, true);
	}
	rtc_sync(&p->rtc, now);
	platform_irq(vm, IRQ_RTC, rtc_irq(&p->rtc));
	acpi_pm_sync(&p->pm, now);
	platform_irq(vm, IRQ_SCI, acpi_pm_irq(&p->pm));
	platform_schedule(vm, now);
}

/* The level only matters when it changes; a port read costs enough as is. */
static u8 com1_in(struct vm *vm, u16 port)
{
	struct uart *uart = &vm->platform.com1;
	bool before = uart_irq(uart);
	u8 value = uart_read(uart, port - UART_PORT);

	if (uart_irq(uart) != before)
		platform_irq(vm, IRQ_COM1, !before);
	return value;
}

static void com1_out(struct vm *vm, u16 port, u8 value)
{
	struct uart *uart = &vm->platform.com1;
	bool before = uart_irq(uart);

	uart_write(uart, port - UART_PORT, value);
	if (uart_irq(uart) != before)
		platform_irq(vm, IRQ_COM1, !before);
}

static u8 rtc_in(struct vm *vm, u16 port)
{
	struct rtc *rtc = &vm->platform.rtc;
	u64 now = rdtsc();
	u8 value = rtc_read(rtc, port, now);

	platform_irq(vm, IRQ_RTC, rtc_irq(rtc));
	platform_schedule(vm, now);
	return value;
}

static void rtc_out(struct vm *vm, u16 port, u8 value)
{
	struct rtc *rtc = &vm->platform.rtc;
	u64 now = rdtsc();

	rtc_write(rtc, port, value, now);
	platform_irq(vm, IRQ_RTC, rtc_irq(rtc));
	platform_schedule(vm, now);
}

static void pic_out(struct vm *vm, u16 port, u8 value)
{
	pic_write(&vm->platform.pic, port, value);
	/* masks decide which timers are heard */
	platform_schedule(vm, rdtsc());
}

static void pit_out(struct vm *vm, u16 port, u8 value)
{
	u64 now = rdtsc();

	pit_write(&vm->platform.pit, port, value, now);
	platform_schedule(vm, now);
}

static u8 port_in(struct vcpu *vcpu, u16 port)
{
	struct platform *p = &vcpu->vm->platform;

	switch (port) {
	case UART_PORT ... UART_PORT + 7:
		return com1_in(vcpu->vm, port);
	case 0x20: case 0x21: case 0xa0: case 0xa1: case 0x4d0: case 0x4d1:
		return pic_read(&p->pic, port);
	case 0x40 ... 0x43: case 0x61:
		return pit_read(&p->pit, port, rdtsc());
	case 0x70: case 0x71:
		return rtc_in(vcpu->vm, port);
	case KBD_STATUS_PORT:
		return 0;	/* buffers empty: one may write a command */
	}
	return 0xff;
}

static void port_out(struct vcpu *vcpu, u16 port, u8 value)
{
	switch (port) {
	case UART_PORT ... UART_PORT + 7:
		com1_out(vcpu->vm, port, value);
		break;
	case 0x20: case 0x21: case 0xa0: case 0xa1: case 0x4d0: case 0x4d1:
		pic_out(vcpu->vm, port, value);
		break;
	case 0x40 ... 0x43: case 0x61:
		pit_out(vcpu->vm, port, value);
		break;
	case 0x70: case 0x71:
		rtc_out(vcpu->vm, port, value);
		break;
	case KBD_STATUS_PORT:
		if (value == KBD_PULSE_RESET)
			vm_stop(vcpu, VM_STATE_RESET, NULL);
		break;
	case ACPI_RESET_PORT:
		if (value & RESET_CPU)
			vm_stop(vcpu, VM_STATE_RESET, NULL);
		break;
	}
}

/* PCI configuration ports: nothing answers, and 0xcf9 is not meant here. */
static bool pci_config(u16 port)
{
	return port >= 0xcf8 && port <= 0xcff;
}

static void pm_out(struct vcpu *vcpu, u16 port, u8 bytes, u32 value)
{
	struct vm *vm = vcpu->vm;
	struct acpi_pm *pm = &vm->platform.pm;
	u64 now = rdtsc();

	if (acpi_pm_write(pm, port, bytes, value, now))
		vm_stop(vcpu, VM_STATE_OFF, NULL);
	platform_irq(vm, IRQ_SCI, acpi_pm_irq(pm));
	platform_schedule(vm, now);
}

u32 platform_in(struct vcpu *vcpu, u16 port, u8 bytes)
{
	u32 value = 0;
	unsigned int i;

	if (port >= ACPI_PM_PORT && port <= ACPI_PM_LAST)
		return acpi_pm_read(&vcpu->vm->platform.pm, port, bytes,
				    rdtsc());
	if (bytes == 1)
		return port_in(vcpu, port);
	if (pci_config(port))
		return bytes == 2 ? 0xffff : ~0u;
	/* an 8-bit bus: one byte after the other */
	for (i = 0; i < bytes; i++)
		value |= (u32)port_in(vcpu, (u16)(port + i)) << i * 8;
	return value;
}

void platform_out(struct vcpu *vcpu, u16 port, u8 bytes, u32 value)
{
	unsigned int i;

	if (port >= ACPI_PM_PORT && port <= ACPI_PM_LAST) {
		pm_out(vcpu, port, bytes, value);
		return;
	}
	if (bytes == 1) {
		port_out(vcpu, port, (u8)value);
		return;
	}
	if (pci_config(port))
		return;
	for (i = 0; i < bytes; i++)
		port_out(vcpu, (u16)(port + i), (u8)(value >> i * 8));
}

static bool lapic_page(const struct vcpu *vcpu, u64 gpa)
{
	u64 mode = APIC_BASE_ENABLE | APIC_BASE_X2APIC;

	return (gpa & ~0xfffull) == LAPIC_GPA &&
	       (vcpu->lapic.base & mode) == APIC_BASE_ENABLE;
}

static bool ioapic_page(u64 gpa)
{
	return (gpa & ~0xfffull) == IOAPIC_GPA;
}

/* Registers are 32 bits wide at 16-byte steps; what lies between reads 0. */
bool platform_mmio_read(struct vcpu *vcpu, u64 gpa, u8 bytes, u64 *value)
{
	u32 offset = gpa & 0xff0, shift = (gpa & 0xf) * 8;
	u32 whole;

	if (lapic_page(vcpu, gpa))
		whole = lapic_mmio_read(vcpu, gpa & 0xff0);
	else if (ioapic_page(gpa))
		whole = ioapic_read(&vcpu->vm->platform.ioapic, offset);
	else
		return false;
	*value = shift < 32 ? whole >> shift : 0;
	if (bytes < 4)
		*value &= BIT(bytes * 8) - 1;
	return true;
}

bool platform_mmio_write(struct vcpu *vcpu, u64 gpa, u8 bytes, u64 value)
{
	u32 offset = gpa & 0xff0;

	if (lapic_page(vcpu, gpa)) {
		/* anything but a whole register is undefined: ignored */
		if (!(gpa & 0xf) && bytes >= 4)
			lapic_mmio_write(vcpu, offset, (u32)value);
		return true;
	}
	if (!ioapic_page(gpa))
		return false;
	if (!(gpa & 0xf)) {
		ioapic_write(vcpu->vm, offset, (u32)value);
		platform_schedule(vcpu->vm, rdtsc());
	}
	return true;
}
