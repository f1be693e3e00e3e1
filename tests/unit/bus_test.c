/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus: accesses of every width reach the right device, at the borders
 * too, and ranges that contradict each other are refused.
 */
#include "tests/unit/core_vm.h"

#include "vmm-core/dev/bus.c"

/* A device that remembers what it was asked for. */
struct made {
	struct device dev;
	struct bus_access at[16];
	u64 value[16];
	unsigned int reads, writes, ticks;
	u64 due;
};

static struct bus bus;
static struct irq_lines lines;
static bool listened;
static unsigned int lines_set;
static u32 levels;

/* Byte n of what a device holds is its own address, as far as it goes. */
static u64 made_read(struct device *dev, struct bus_access at)
{
	struct made *made = (struct made *)dev;
	u64 value = 0;

	assert_int_equal(dev->lock.held, 1);
	made->at[made->reads++] = at;
	for (u32 i = 0; i < 8; i++)
		value |= ((at.address + i) & 0xff) << i * 8;
	return value;
}

static void made_write(struct device *dev, struct bus_access at, u64 value)
{
	struct made *made = (struct made *)dev;

	assert_int_equal(dev->lock.held, 1);
	made->at[made->writes] = at;
	made->value[made->writes++] = value;
}

static void made_tick(struct device *dev, u64 now)
{
	struct made *made = (struct made *)dev;

	(void)now;
	assert_int_equal(dev->lock.held, 1);
	made->ticks++;
	device_due(dev, made->due);
}

static void lines_move(struct irq_lines *l, unsigned int line, bool level)
{
	assert_ptr_equal(l, &lines);
	lines_set++;
	levels = (levels & ~(1u << line)) | (u32)level << line;
}

static bool lines_listened(const struct irq_lines *l, unsigned int line)
{
	(void)line;
	assert_ptr_equal(l, &lines);
	return listened;
}

#define MODEL(...) {							\
	.name = "made", .read = made_read, .write = made_write,		\
	.tick = made_tick, .range = { __VA_ARGS__ },			\
}

static const struct device_model narrow = MODEL({ BUS_PORT, 1, 0x100, 0x103 });
static const struct device_model wide = MODEL({ BUS_PORT, 4, 0x104, 0x10f });
static const struct device_model page =
	MODEL({ BUS_MEMORY, 8, 0xfec00000, 0xfec00fff });
static const struct device_model bytes =
	MODEL({ BUS_MEMORY, 1, 0xfec01000, 0xfec0100f },
	      { BUS_MEMORY, 4, 0xfebff000, 0xfebfffff });

static struct made made_narrow, made_wide, made_page, made_bytes;

static int setup(void **state)
{
	(void)state;
	lines = (struct irq_lines){ lines_move, lines_listened };
	listened = false;
	lines_set = levels = 0;
	memset(&made_narrow, 0, sizeof(made_narrow));
	memset(&made_wide, 0, sizeof(made_wide));
	memset(&made_page, 0, sizeof(made_page));
	memset(&made_bytes, 0, sizeof(made_bytes));
	bus_init(&bus, &lines, NULL);
	assert_int_equal(bus_add(&bus, &made_narrow.dev, &narrow), 0);
	assert_int_equal(bus_add(&bus, &made_wide.dev, &wide), 0);
	assert_int_equal(bus_add(&bus, &made_page.dev, &page), 0);
	assert_int_equal(bus_add(&bus, &made_bytes.dev, &bytes), 0);
	return 0;
}

static u64 mask_of(u32 width)
{
	return width == 8 ? ~0ull : BIT(width * 8) - 1;
}

/* The value that the bus should give: each byte by whoever answers there. */
static u64 expected(enum bus_space space, u64 address, u32 width)
{
	u64 value = 0;

	for (u32 i = 0; i < width; i++) {
		u64 at = address + i;
		bool there = space == BUS_PORT ? at >= 0x100 && at <= 0x10f :
			     at >= 0xfebff000 && at <= 0xfec0100f;

		value |= (there ? at & 0xff : 0xff) << i * 8;
	}
	return value;
}

/* Every width at every address around every border. */
static void reads_across_borders(void **state)
{
	static const u64 borders[] = { 0xfebff000, 0xfec00000, 0xfec01000,
				       0xfec01010 };

	(void)state;
	for (u32 width = 1; width <= 4; width *= 2)
		for (u64 at = 0xf8; at < 0x118; at++) {
			setup(NULL);
			assert_int_equal(
				bus_in(&bus, (struct bus_access){ at, width, 3 }) &
				mask_of(width), expected(BUS_PORT, at, width));
		}
	for (unsigned int i = 0; i < ARRAY_SIZE(borders); i++)
		for (u32 width = 1; width <= 8; width *= 2)
			for (u64 at = borders[i] - 9; at < borders[i] + 9; at++) {
				setup(NULL);
				assert_int_equal(
					bus_read(&bus, (struct bus_access){
						at, width, 3 }) & mask_of(width),
					expected(BUS_MEMORY, at, width));
			}
}

static void wide_accesses_stay_whole(void **state)
{
	(void)state;
	bus_out(&bus, (struct bus_access){ 0x10c, 4, 2 }, 0x11223344);
	assert_int_equal(made_wide.writes, 1);
	assert_int_equal(made_wide.at[0].address, 0x10c);
	assert_int_equal(made_wide.at[0].bytes, 4);
	assert_int_equal(made_wide.at[0].vcpu, 2);
	assert_int_equal(made_wide.value[0], 0x11223344);
	bus_write(&bus, (struct bus_access){ 0xfec00ff8, 8, 1 },
		  0x1122334455667788);
	assert_int_equal(made_page.writes, 1);
	assert_int_equal(made_page.value[0], 0x1122334455667788);
	assert_int_equal(bus.device[0]->lock.held, 0);
}

static void writes_are_split(void **state)
{
	(void)state;
	/* two bytes to each side; the wide device too gets bytes */
	bus_out(&bus, (struct bus_access){ 0x102, 4, 0 }, 0x44332211);
	assert_int_equal(made_narrow.writes, 2);
	assert_int_equal(made_wide.writes, 2);
	assert_int_equal(made_narrow.value[1] & 0xff, 0x22);
	assert_int_equal(made_wide.at[0].address, 0x104);
	assert_int_equal(made_wide.at[0].bytes, 1);
	assert_int_equal(made_wide.value[0] & 0xff, 0x33);
	/* too wide for a device is split as well */
	bus_out(&bus, (struct bus_access){ 0x100, 2, 0 }, 0x6655);
	assert_int_equal(made_narrow.writes, 4);
	assert_int_equal(made_narrow.value[3] & 0xff, 0x66);
	bus_write(&bus, (struct bus_access){ 0xfec00ffc, 8, 0 }, ~0ull);
	assert_int_equal(made_page.writes, 4);
	assert_int_equal(made_bytes.writes, 4);
	/* the last port, and what would be behind it */
	bus_out(&bus, (struct bus_access){ 0xffff, 4, 0 }, 0);
	assert_int_equal(bus_in(&bus, (struct bus_access){ 0xffff, 4, 0 }),
			 0xffffffff);
	assert_int_equal(bus_read(&bus, (struct bus_access){ ~0ull, 8, 0 }),
			 ~0ull);
}

static void contradictions_are_refused(void **state)
{
	static const struct { struct device_range range; int err; } rows[] = {
		{ { BUS_PORT, 1, 0x110, 0x110 }, 0 },
		{ { BUS_PORT, 1, 0xff, 0xff }, 0 },
		{ { BUS_PORT, 1, 0x100, 0x100 }, -EEXIST },
		{ { BUS_PORT, 1, 0x103, 0x103 }, -EEXIST },
		{ { BUS_PORT, 1, 0xf0, 0x100 }, -EEXIST },
		{ { BUS_PORT, 1, 0x10f, 0x200 }, -EEXIST },
		{ { BUS_PORT, 1, 0, 0xffff }, -EEXIST },
		{ { BUS_PORT, 1, 0x201, 0x200 }, -EINVAL },
		{ { BUS_PORT, 1, 0xffff, 0x10000 }, -EINVAL },
		{ { BUS_PORT, 8, 0x200, 0x20f }, -EINVAL },
		{ { BUS_PORT, 3, 0x200, 0x20f }, -EINVAL },
		{ { BUS_PORT, 0, 0x200, 0x20f }, -EINVAL },
		{ { BUS_PORT, 4, 0x200, 0x202 }, -EINVAL },
		/* the same numbers, but memory */
		{ { BUS_MEMORY, 1, 0x100, 0x100 }, 0 },
		{ { BUS_MEMORY, 8, 0xfec00fff, 0xfec0100e }, -EEXIST },
		{ { BUS_MEMORY, 8, 0xfec01010, 0xfec01017 }, 0 },
		{ { BUS_MEMORY, 8, 0xfebfeff0, 0xfebfefff }, 0 },
		{ { BUS_MEMORY, 8, 0, ~0ull }, -EEXIST },
		{ { BUS_MEMORY, 8, ~0ull - 7, ~0ull }, 0 },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		setup(NULL);
		assert_int_equal(device_answer(&made_page.dev, &rows[i].range),
				 rows[i].err);
	}
}

static void a_full_bus_refuses(void **state)
{
	struct device_range r = { BUS_PORT, 1, 0x1000, 0x1000 };
	int err = 0;

	(void)state;
	for (; !err; r.first = ++r.last)
		err = device_answer(&made_page.dev, &r);
	assert_int_equal(err, -ENOMEM);
	assert_int_equal(bus.port_ranges, BUS_RANGES_MAX);
	r = (struct device_range){ BUS_MEMORY, 1, 0x1000, 0x1000 };
	for (err = 0; !err; r.first = ++r.last)
		err = device_answer(&made_page.dev, &r);
	assert_int_equal(err, -ENOMEM);
	assert_int_equal(bus_read(&bus, (struct bus_access){ 0xfec00000, 1, 0 }),
			 0x0706050403020100);
	/* nobody still ends the list */
	assert_int_equal(bus_read(&bus, (struct bus_access){ 1ull << 40, 4, 0 }),
			 0xffffffff);
	for (err = 0; !err;)
		err = bus_add(&bus, &made_page.dev, &(struct device_model){ 0 });
	assert_int_equal(err, -ENOMEM);
	assert_int_equal(bus.devices, BUS_DEVICES_MAX);
}

static void lines_move_when_they_change(void **state)
{
	static const struct device_model with_line = { .line = 5 };

	(void)state;
	made_wide.dev.model = &with_line;
	device_line(&made_wide.dev, false);
	assert_int_equal(lines_set, 0);
	device_line(&made_wide.dev, true);
	device_line(&made_wide.dev, true);
	assert_int_equal(lines_set, 1);
	assert_int_equal(levels, 1u << 5);
	device_line(&made_wide.dev, false);
	assert_int_equal(lines_set, 2);
	assert_int_equal(levels, 0);
}

static void the_next_tick_is_the_earliest(void **state)
{
	(void)state;
	assert_true(bus.next_tsc == TSC_NEVER);
	device_due(&made_wide.dev, 5000);
	device_due(&made_narrow.dev, 3000);
	assert_int_equal(bus.next_tsc, 3000);
	made_narrow.due = 9000;
	made_wide.due = TSC_NEVER;
	bus_tick(&bus, 2999);
	assert_int_equal(made_narrow.ticks + made_wide.ticks, 0);
	bus_tick(&bus, 3000);
	assert_int_equal(made_narrow.ticks, 1);
	assert_int_equal(made_wide.ticks, 0);
	assert_int_equal(bus.next_tsc, 5000);
	bus_tick(&bus, 10000);
	assert_int_equal(made_narrow.ticks, 2);
	assert_int_equal(made_wide.ticks, 1);
	assert_int_equal(bus.next_tsc, 9000);
}

static void ticks_for_a_line_need_a_listener(void **state)
{
	static const struct device_model timer = {
		.line = 8, .line_only = true, .tick = made_tick,
	};
	struct made made = { .due = TSC_NEVER };

	(void)state;
	assert_int_equal(bus_add(&bus, &made.dev, &timer), 0);
	device_due(&made.dev, 100);
	assert_true(bus.next_tsc == TSC_NEVER);
	bus_tick(&bus, 200);
	assert_int_equal(made.ticks, 0);
	/* somebody listens: what was due in between is not lost */
	listened = true;
	bus_schedule(&bus);
	assert_int_equal(bus.next_tsc, 100);
	bus_tick(&bus, 200);
	assert_int_equal(made.ticks, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_across_borders, setup),
		cmocka_unit_test_setup(wide_accesses_stay_whole, setup),
		cmocka_unit_test_setup(writes_are_split, setup),
		cmocka_unit_test_setup(contradictions_are_refused, setup),
		cmocka_unit_test_setup(a_full_bus_refuses, setup),
		cmocka_unit_test_setup(lines_move_when_they_change, setup),
		cmocka_unit_test_setup(the_next_tick_is_the_earliest, setup),
		cmocka_unit_test_setup(ticks_for_a_line_need_a_listener, setup),
	};

	return cmocka_run_group_tests_name("bus", tests, NULL, NULL);
}
