#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Interrupts: those that vmtop shows as injected are those that the guest was
# given, to the last one. What came before vmtop does not count, so it must have
# seen the hypercall that the guest makes before its first interrupt.
. tests/system/lib.sh

vmtop=$O/bin/vmtop

# watch: a guest, by vmtop from the guest's silence to its end.
watch() {
	rm -f "$work/irqs.console"
	record irqs --kernel "$O/tests/guest/irqs.elf" &
	watched=$!
	pids="$pids $watched"
	until_true 60 grep -q 'irqs-guest: ready' "$work/irqs.console" || return
	for format in csv json; do
		"$vmtop" -b -d 0.1 --format $format m0 > "$work/irqs.$format" \
			2> "$work/irqs.$format.err" &
		watched="$watched $!"
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # three processes
	wait $watched
}

# csv_sum COLUMN: of all intervals
csv_sum() {
	awk -F, -v name="$1" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
		NR > 1 { all += $at }
		END { print all + 0 }' "$work/irqs.csv"
}

# json_sum NAME: of the vCPUs, of all intervals
json_sum() {
	python3 -c '
import json, sys
print(sum(v[sys.argv[1]] for line in open(sys.argv[2])
          for v in json.loads(line)["vcpus"]))' "$1" "$work/irqs.json"
}

# Its first hypercall and its last.
all_was_seen() {
	[ "$(csv_sum hypercalls) $(json_sum hypercalls)" = "2 2" ]
}

for _ in 1 2 3 4 5; do
	watch
	all_was_seen && break
	echo "# vmtop came too late; once more"
done
check guest-was-seen-from-the-first all_was_seen
came=$(sed -n 's/^irqs-guest: came \([0-9]*\) .*/\1/p' "$work/irqs.console")
echo "# the guest was given ${came:-no} interrupts"
check guest-was-interrupted-by-all test "${came:-0}" -ge 120
same exceptions-came-between "faults 20 soft 20" \
	"$(sed -n 's/^irqs-guest: came [0-9]* //p' "$work/irqs.console")"
same csv-has-each-once "$came" "$(csv_sum irqs_injected)"
same json-has-each-once "$came" "$(json_sum irqs_injected)"

# The trace of the same guest does not tell, and nobody makes it up.
"$vmtop" --once --format json --replay "$work/irqs.data" > "$work/replay" \
	2> "$work/irqs.err"
check trace-does-not-tell grep -q '"irqs_injected":null' "$work/replay"
check nothing-left-behind nothing_left
