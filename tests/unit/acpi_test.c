/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI tables: found from the RSDP as a guest finds them, sums right,
 * and read by iasl, which wrote ACPI's reference. The DSDT itself is checked
 * by iasl at build time; here a small one stands for it.
 */
#include "tests/unit/core_vm.h"

#include <unistd.h>

#include "vmm-core/guest/acpi.c"

/* DefinitionBlock ("", "DSDT", 2, "VMPROF", "VMMCORE ", 1) {} */
asm(".pushsection .rodata\n"
    ".globl dsdt_aml, dsdt_aml_end\n"
    "dsdt_aml:\n"
    "	.ascii \"DSDT\"\n"
    "	.long 36\n"
    "	.byte 2, 0\n"
    "	.ascii \"VMPROFVMMCORE \"\n"
    "	.long 1\n"
    "	.ascii \"VMPR\"\n"
    "	.long 1\n"
    "dsdt_aml_end:\n"
    ".popsection\n");

static u8 sum(const void *bytes, u64 length)
{
	return checksum(bytes, length);
}

static void *at(u64 gpa, u64 bytes)
{
	void *p = vm_memory(&test_vm, gpa, bytes);

	assert_non_null(p);
	assert_in_range(gpa, 0xe0000, 0xfffff);
	return p;
}

static void build(u16 vcpus)
{
	u16 i;

	test_vm_init(vcpus);
	test_ram_init();
	for (i = 0; i < vcpus; i++)
		test_vcpu[i].lapic.id = i;
	assert_int_equal(guest_acpi_build(&test_vm), 0xe0000);
}

/* By XSDT; the RSDT has to say the same. */
static void *find(const char *signature)
{
	const struct acpi_rsdp *rsdp = at(0xe0000, sizeof(*rsdp));
	const struct acpi_header *xsdt = at(rsdp->xsdt, sizeof(*xsdt));
	const struct acpi_header *rsdt = at(rsdp->rsdt, sizeof(*rsdt));
	const u8 *entries = (const u8 *)(xsdt + 1);
	const u8 *entries32 = (const u8 *)(rsdt + 1);
	void *found = NULL;
	u32 i;

	assert_int_equal(sum(xsdt, xsdt->length), 0);
	assert_int_equal(sum(rsdt, rsdt->length), 0);
	assert_int_equal((xsdt->length - 36) / 8, (rsdt->length - 36) / 4);
	for (i = 0; i < (xsdt->length - 36) / 8; i++) {
		struct acpi_header *table;
		u64 gpa;

		memcpy(&gpa, entries + i * 8, 8);
		assert_memory_equal(&gpa, entries32 + i * 4, 4);
		table = at(gpa, sizeof(*table));
		assert_int_equal(sum(table, table->length), 0);
		if (!memcmp(table->signature, signature, 4))
			found = table;
	}
	return found;
}

static void rsdp(void **state)
{
	const struct acpi_rsdp *p;

	(void)state;
	build(1);
	p = at(0xe0000, sizeof(*p));
	assert_memory_equal(p->signature, "RSD PTR ", 8);
	assert_int_equal(sum(p, 20), 0);
	assert_int_equal(sum(p, sizeof(*p)), 0);
	assert_int_equal(p->revision, 2);
	assert_null(find("HPET"));
	test_ram_free();
}

static void fadt(void **state)
{
	const struct acpi_fadt *p;
	const struct acpi_facs *facs;

	(void)state;
	build(1);
	p = find("FACP");
	assert_non_null(p);
	assert_int_equal(p->sci_irq, 9);
	assert_int_equal(p->x_pm1a_event.address, ACPI_PM1_EVENT);
	assert_int_equal(p->x_pm_timer.address, ACPI_PM_TIMER);
	assert_int_equal(p->pm1a_control, ACPI_PM1_CONTROL);
	assert_int_equal(p->reset.address, 0xcf9);
	assert_int_equal(p->boot_flags & 2, 0);		/* no 8042 */
	assert_int_equal(p->boot_flags & 4, 4);		/* no VGA */
	assert_int_equal(p->dsdt, p->x_dsdt);
	facs = at(p->facs, sizeof(*facs));
	assert_memory_equal(facs->signature, "FACS", 4);
	assert_int_equal(p->facs % 64, 0);
	assert_memory_equal(at(p->dsdt, 36), dsdt_aml, 36);
	test_ram_free();
}

static void madt(void **state)
{
	unsigned int lapics = 0, ioapics = 0, overrides = 0;
	const struct acpi_madt *p;
	const u8 *entry;

	(void)state;
	build(5);
	p = find("APIC");
	assert_non_null(p);
	assert_int_equal(p->lapic_gpa, 0xfee00000);
	for (entry = (const u8 *)(p + 1);
	     entry < (const u8 *)p + p->header.length; entry += entry[1]) {
		assert_true(entry[1] >= 2);
		if (entry[0] == 0) {
			assert_int_equal(entry[2], lapics);
			assert_int_equal(entry[3], lapics++);
		} else if (entry[0] == 1) {
			assert_int_equal(*(const u32 *)(entry + 4), 0xfec00000);
			ioapics++;
		} else if (entry[0] == 2) {
			overrides++;
			assert_true(entry[3] != 0 || entry[4] == 2);
			assert_true(entry[3] != 9 || entry[8] == 13);
		}
	}
	assert_int_equal(lapics, 5);
	assert_int_equal(ioapics, 1);
	assert_int_equal(overrides, 2);
	test_ram_free();
}

static unsigned int lines_with(FILE *file, const char *text)
{
	unsigned int count = 0;
	char line[256];

	while (fgets(line, sizeof(line), file))
		count += strstr(line, text) != NULL;
	return count;
}

/* Disassembles a table by iasl; the caller closes and removes dir. */
static FILE *disassemble(const struct acpi_header *table, char *dir)
{
	char command[128], name[64];
	FILE *file;

	strcpy(dir, "/tmp/acpi_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(name, sizeof(name), "%s/t.aml", dir);
	file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(table, table->length, 1, file), 1);
	assert_int_equal(fclose(file), 0);
	snprintf(command, sizeof(command),
		 "cd %s && iasl -d t.aml >log 2>&1", dir);
	assert_int_equal(system(command), 0);
	snprintf(name, sizeof(name), "%s/t.dsl", dir);
	return fopen(name, "r");
}

static void processors_by_iasl(void **state)
{
	static const u16 counts[] = { 1, 2, VM_VCPUS_MAX };
	char dir[32], command[64];
	unsigned int i;
	FILE *dsl;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		build(counts[i]);
		assert_non_null(find("SSDT"));
		dsl = disassemble(find("SSDT"), dir);
		assert_non_null(dsl);
		assert_int_equal(lines_with(dsl, "\"ACPI0007\""), counts[i]);
		rewind(dsl);
		assert_int_equal(lines_with(dsl, "Device (CP"), counts[i]);
		rewind(dsl);
		assert_int_equal(lines_with(dsl, "Scope (\\_SB)"), 1);
		fclose(dsl);
		snprintf(command, sizeof(command), "rm -r %s", dir);
		assert_int_equal(system(command), 0);
		test_ram_free();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsdp),
		cmocka_unit_test(fadt),
		cmocka_unit_test(madt),
		cmocka_unit_test(processors_by_iasl),
	};

	return cmocka_run_group_tests_name("acpi", tests, NULL, NULL);
}
