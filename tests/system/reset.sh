#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A guest that restarts itself ends as reset, and while it ran its clock was
# the host's: RTC, timers and TSC told one time.
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
check nothing-left-behind nothing_left
