#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A guest that restarts itself ends as reset, and while it ran its clock was
# the host's: RTC, timers and TSC told one time. One that cannot switch itself
# off halts with interrupts off, and ends by that.
. tests/system/lib.sh

record_linux reset reset
same recording-ends-well 0 $?
now=$(date +%s)
then=$(sed -n 's/.*vmprof-reset: at \([0-9]*\).*/\1/p' "$work/reset.console")
echo "# the guest said $then, the host a little later $now"
check clock-is-the-hosts test "${then:-0}" -le "$now" -a \
	"${then:-0}" -gt $((now - 30))
check guest-is-gone sh -c "! grep 'still here' '$work/reset.console'"
check trace-reads facts "$work/reset"
same guest-was-reset reset "$(fact "$work/reset" vm_state)"

record_linux halted "boot acpi=off"
same halted-recording-ends-well 0 $?
check guest-said-halted grep -q 'System halted' "$work/halted.console"
check recorder-says-halted grep -q 'halted with interrupts off' \
	"$work/halted.err"
check halted-trace-reads facts "$work/halted"
same guest-halted halted "$(fact "$work/halted" vm_state)"
check nothing-left-behind nothing_left
