/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the virtual platform without a fixed place in ACPI's tables:
 * the devices of a PC's ISA bus. Ports and interrupts agree with the devices
 * in vmm-core/dev/pc/ and with vmm-core/dev/irq/isa_lines.h. Processors are in
 * an SSDT, written at load time.
 */
DefinitionBlock ("", "DSDT", 2, "VMPROF", "VMMCORE", 1)
{
	/* SLP_TYP of acpi_pm.h; S5 is the only sleep there is */
	Name (\_S5, Package () { 5, 0, 0, 0 })

	Scope (\_SB)
	{
		Device (PIC)
		{
			Name (_HID, EisaId ("PNP0000"))
			Name (_CRS, ResourceTemplate ()
			{
				IO (Decode16, 0x20, 0x20, 0, 2)
				IO (Decode16, 0xa0, 0xa0, 0, 2)
				IO (Decode16, 0x4d0, 0x4d0, 0, 2)
				IRQNoFlags () { 2 }
			})
		}

		Device (TMR)
		{
			Name (_HID, EisaId ("PNP0100"))
			Name (_CRS, ResourceTemplate ()
			{
				IO (Decode16, 0x40, 0x40, 0, 4)
				IRQNoFlags () { 0 }
			})
		}

		Device (RTC)
		{
			Name (_HID, EisaId ("PNP0B00"))
			Name (_CRS, ResourceTemplate ()
			{
				IO (Decode16, 0x70, 0x70, 0, 2)
				IRQNoFlags () { 8 }
			})
		}

		Device (COM1)
		{
			Name (_HID, EisaId ("PNP0501"))
			Name (_UID, 1)
			Name (_CRS, ResourceTemplate ()
			{
				IO (Decode16, 0x3f8, 0x3f8, 0, 8)
				IRQNoFlags () { 4 }
			})
		}

		/* ports that Linux is to leave alone */
		Device (SYSR)
		{
			Name (_HID, EisaId ("PNP0C02"))
			Name (_CRS, ResourceTemplate ()
			{
				IO (Decode16, 0x600, 0x600, 0, 16)
			})
		}
	}
}
