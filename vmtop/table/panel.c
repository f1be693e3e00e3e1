/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of panels, in the order of their keys.
 */
#include "vmtop/table/panel.h"

#include <string.h>

const struct panel *const panels[PANELS] = {
	&panel_vms, &panel_vcpus, &panel_exits, &panel_symbols, &panel_tlb,
	&panel_hypercalls, &panel_devices, &panel_processes,
};

const struct panel *panel_find(const char *name)
{
	for (size_t i = 0; i < PANELS; i++)
		if (!strcmp(panels[i]->name, name))
			return panels[i];
	return NULL;
}
