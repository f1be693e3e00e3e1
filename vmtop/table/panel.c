/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of panels.
 */
#include "vmtop/table/panel.h"

const struct panel *const panels[PANELS] = {
#define PANEL(name) &panel_##name,
#include "vmtop/table/panels.def"
};
