/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An object for each interval and machine, on a line of its own, with all
 * that a snapshot holds. A vm or vcpu that is null means all of them.
 */
#include "vmtop/batch/batch.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_number.h"
#include "tracer/event/event_names.h"
#include "tracer/event/printable.h"
#include "vmtop/table/item.h"

/* json_pack() takes ownership of what "o" is given, also when it fails. */
static json_t *number_or_null(int value)
{
	return value == SNAPSHOT_ALL ? json_null() : json_integer(value);
}

static json_t *known_or_null(bool known, uint64_t value)
{
	return known ? json_number(value) : json_null();
}

/* The whole text, however long it is. */
static json_t *safe_string(const char *text)
{
	size_t bytes = strlen(text) + 1;
	char *safe = malloc(bytes);
	json_t *string;

	if (!safe)
		return NULL;
	printable_text(safe, bytes, text);
	string = json_string(safe);
	free(safe);
	return string;
}

static void cost_put(json_t *to, const struct cost_stats *c, const char *cycles)
{
	json_object_set_new(to, "count", json_number(c->count));
	json_object_set_new(to, "total", json_number(c->total));
	json_object_set_new(to, cycles, json_number(c->cycles));
	json_object_set_new(to, "min_cycles", json_number(c->min));
	json_object_set_new(to, "p50_cycles", json_number(c->p50));
	json_object_set_new(to, "p95_cycles", json_number(c->p95));
	json_object_set_new(to, "p99_cycles", json_number(c->p99));
	json_object_set_new(to, "max_cycles", json_number(c->max));
}

static json_t *vms_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (unsigned int vm = 0; vm < snap->vms; vm++)
		json_array_append_new(list, json_pack(
			"{s:i, s:o, s:s, s:i, s:o}", "vm", vm,
			"name", safe_string(snap->vm[vm].name),
			"state", event_vm_state_name(snap->vm[vm].state),
			"vcpus", snap->vm[vm].vcpus,
			"ram_bytes", json_number(snap->vm[vm].ram_bytes)));
	return list;
}

static json_t *vcpus_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->vcpus; i++) {
		const struct snapshot_vcpu *v = &snap->vcpu[i];

		json_array_append_new(list, json_pack(
			"{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			"vm", v->vm, "vcpu", v->vcpu, "running",
			v->running < 0 ? json_null() : json_boolean(v->running),
			"exits", json_number(v->exits),
			"exits_total", json_number(v->exits_total),
			"handle_cycles", json_number(v->handle_cycles),
			"blocked_cycles", json_number(v->blocked_cycles),
			"tlb_flushes", json_number(v->tlb_flushes),
			"hypercalls", json_number(v->hypercalls),
			"irqs_injected", known_or_null(v->irqs_known,
						       v->irqs_injected)));
	}
	return list;
}

static json_t *exits_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->exits; i++) {
		const struct snapshot_exit *e = &snap->exit[i];
		json_t *row = json_pack("{s:o, s:o, s:s}",
			"vm", number_or_null(e->vm),
			"vcpu", number_or_null(e->vcpu),
			"reason", event_exit_reason_name(e->reason));

		cost_put(row, &e->handle, "handle_cycles");
		json_object_set_new(row, "blocked_cycles",
				    json_number(e->blocked_cycles));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *symbols_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->symbols; i++) {
		const struct snapshot_symbol *s = &snap->symbol[i];
		char address[24];

		snprintf(address, sizeof(address), "0x%llx",
			 (unsigned long long)s->address);
		json_array_append_new(list, json_pack(
			"{s:i, s:i, s:s, s:o, s:o, s:o, s:o, s:o}",
			"vm", s->vm, "vcpu", s->vcpu,
			"reason", event_exit_reason_name(s->reason),
			"sym", safe_string(s->name ? s->name : address),
			"module", s->module ? safe_string(s->module) :
					      json_null(),
			"count", json_number(s->count),
			"handle_cycles", json_number(s->cycles),
			"max_cycles", json_number(s->max_cycles)));
	}
	return list;
}

static json_t *processes_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->processes; i++) {
		const struct snapshot_process *p = &snap->process[i];

		json_array_append_new(list, json_pack(
			"{s:i, s:i, s:o, s:o, s:o, s:o}",
			"vm", p->vm, "vcpu", p->vcpu,
			"process", safe_string(p->comm),
			"pid", json_number(p->pid),
			"count", json_number(p->count),
			"handle_cycles", json_number(p->cycles)));
	}
	return list;
}

static json_t *tlb_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->tlbs; i++) {
		const struct snapshot_tlb *f = &snap->tlb[i];

		json_array_append_new(list, json_pack(
			"{s:i, s:i, s:i, s:s, s:s, s:b, s:o, s:o}",
			"vm", f->vm, "vcpu", f->vcpu, "asid", f->asid,
			"cause", event_tlb_cause_name(f->cause),
			"scope", event_tlb_scope_name(f->scope),
			"guest", f->guest, "count", json_number(f->count),
			"total", json_number(f->total)));
	}
	return list;
}

static json_t *hypercalls_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->hypercalls; i++) {
		const struct snapshot_hypercall *call = &snap->hypercall[i];
		const char *name = event_hypercall_name(call->number);
		char number[24];
		json_t *row;

		/* a 64-bit number is more than JSON readers promise to keep */
		snprintf(number, sizeof(number), "0x%llx",
			 (unsigned long long)call->number);
		row = json_pack("{s:i, s:s, s:s?}", "vm", call->vm, "number",
				number, "name", name);
		cost_put(row, &call->cost, "cycles");
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *devices_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->devices; i++) {
		const struct snapshot_device *d = &snap->device[i];
		char name[ITEM_NAME_BYTES];
		json_t *row;

		snapshot_device_print(d, name, sizeof(name));
		row = json_pack("{s:i, s:s, s:o, s:o, s:o}", "vm", d->vm,
				"device", name,
				"reads", known_or_null(d->directed, d->reads),
				"writes", known_or_null(d->directed, d->writes),
				"bytes", known_or_null(d->sized, d->bytes));
		cost_put(row, &d->cost, "handle_cycles");
		json_array_append_new(list, row);
	}
	return list;
}

/* A count stays a number, all else is text; null: there is none. */
static json_t *key_json(enum key key, const char *value)
{
	if (!strcmp(value, "-"))
		return json_null();
	if (key_rows[key].type == KEY_TYPE_COUNT && *value != '[')
		return json_number(strtoull(value, NULL, 10));
	return safe_string(value);
}

static json_t *keyed_json(const struct snapshot *snap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snap->keyeds; i++) {
		const struct snapshot_keyed *k = &snap->keyed[i];
		const char *value = k->values;
		json_t *row = json_object();

		for (size_t n = 0; n < snap->keys; n++) {
			json_object_set_new(row, key_rows[snap->key[n]].name,
					    key_json(snap->key[n], value));
			value += strlen(value) + 1;
		}
		json_object_set_new(row, "count", json_number(k->count));
		json_object_set_new(row, "handle_cycles",
				    json_number(k->cycles));
		json_object_set_new(row, "max_cycles",
				    json_number(k->max_cycles));
		json_array_append_new(list, row);
	}
	return list;
}

/* A trace's output has nothing that depends on this run of vmtop. */
static json_t *own_or_null(const struct watch_status *status, double value)
{
	return status->replay ? json_null() : json_real(value);
}

static json_t *interval_json(const struct snapshot *snap, const char *machine,
			     unsigned long serial,
			     const struct watch_status *status)
{
	return json_pack(
		"{s:f, s:f, s:f, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:b, s:o}, "
		"s:{s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"at_s", snap->at_s, "interval_s", snap->seconds,
		"interval_cycles", snap->cycles,
		"tsc_khz", json_number(snap->tsc_khz),
		"machine", safe_string(machine),
		"machine_serial", json_number(serial),
		"records", "read", json_number(snap->read),
		"missed", json_number(snap->missed),
		"missed_total", json_number(snap->missed_total),
		"lossy", snap->lossy,
		"waiting_max", json_number(snap->waiting),
		"vmtop", "cpu_percent",
		own_or_null(status, 100 * status->own_cpu),
		"memory_bytes", own_or_null(status, status->own_bytes),
		"vms", vms_json(snap), "vcpus", vcpus_json(snap),
		"exits", exits_json(snap), "symbols", symbols_json(snap),
		"processes", processes_json(snap),
		"tlb_flushes", tlb_json(snap),
		"hypercalls", hypercalls_json(snap),
		"devices", devices_json(snap));
}

static int interval_print(FILE *to, const struct watch *w)
{
	struct watch_status status;
	int err = 0;

	watch_status(w, &status);
	for (size_t t = 0; !err && t < watch_targets(w); t++) {
		const struct snapshot *snap = watch_past(w, t, 0);
		json_t *object;

		if (!snap)
			continue;
		object = interval_json(snap, watch_name(w, t), watch_serial(w, t),
				       &status);
		if (!object)
			return -ENOMEM;
		if (snap->keys)
			json_object_set_new(object, "by_key", keyed_json(snap));
		json_dumpf(object, to, JSON_COMPACT | JSON_REAL_PRECISION(9));
		fputc('\n', to);
		json_decref(object);
	}
	return err;
}

const struct batch_format batch_json = {
	.interval = interval_print,
};
