# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "A device": a counter of its own readings, at port 0x520.
cat > vmm-core/dev/pc/tally.h << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port that counts how often it was read.
 */
#ifndef VMM_CORE_DEV_PC_TALLY_H
#define VMM_CORE_DEV_PC_TALLY_H

#include "vmm-core/dev/bus.h"

struct tally {
	struct device dev;
	u32 reads;
};

int tally_add(struct tally *t, struct bus *bus);

#endif
END
cat > vmm-core/dev/pc/tally.c << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port that counts how often it was read.
 */
#include "vmm-core/dev/pc/tally.h"

#define TALLY_PORT	0x520

static u64 tally_read(struct device *dev, struct bus_access at)
{
	(void)at;
	return ++((struct tally *)dev)->reads;
}

static void tally_write(struct device *dev, struct bus_access at, u64 value)
{
	(void)at;
	((struct tally *)dev)->reads = (u32)value;
}

static const struct device_model tally_model = {
	.name = "tally",
	.range = { { BUS_PORT, 4, TALLY_PORT, TALLY_PORT + 3 } },
	.read = tally_read,
	.write = tally_write,
};

int tally_add(struct tally *t, struct bus *bus)
{
	return bus_add(bus, &t->dev, &tally_model);
}
END
echo 'core-y += vmm-core/dev/pc/tally.o' >> vmm-core/dev/pc/build.mk
sed -i -e 's/^	struct legacy legacy;/&\n	struct tally tally;/' \
	-e '/#include "vmm-core\/dev\/pc\/rtc.h"/a #include "vmm-core/dev/pc/tally.h"' \
	vmm-core/dev/pc/platform.h
sed -i 's/	return err ? err : legacy_add(/	err = err ? err : tally_add(\&p->tally, \&p->bus);\n&/' \
	vmm-core/dev/pc/platform.c
sed -i -e '/^DEVICE(POST,/a DEVICE(TALLY,		"tally",	"how often it was read")' \
	-e '/^DEVICE_PORTS(POST,/a DEVICE_PORTS(TALLY,	0x520,	0x523)' \
	vmm-core/abi/devices.def
cat > tests/guest/tally_guest.c << 'END'
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a port that counts, four times.
 */
#include "guests/runtime/guest.h"

#include "vmm-core/lib/x86.h"

void guest_main(void)
{
	for (int i = 0; i < 3; i++)
		inl(0x520);
	guest_print("tally-guest: reads ");
	guest_print_number(inl(0x520));
	guest_print("\n");
}
END
sed -i '/^row cpuid /i row tally "reads 4" off 4' tests/system/guests.sh
sed -i '/"vmm-core\/dev\/pc\/rtc_time.c"/a #include "vmm-core/dev/pc/tally.c"' \
	tests/unit/platform_test.c
