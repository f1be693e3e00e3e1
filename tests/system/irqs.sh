#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Interrupts: those that vmtop shows as injected are those that a guest was
# given, to the last one, and those that Linux counts itself. Those before
# vmtop does not count, so it must have seen the hypercalls that guests make
# before their first one of interest.
. tests/system/lib.sh

vmtop=$O/bin/vmtop

# watch NAME READY ARGS...: a guest, by vmtop from the silence after it said so
# to its end.
watch() {
	watch_name=$1 ready=$2
	shift 2
	rm -f "$work/$watch_name.console"
	record "$watch_name" "$@" &
	watched=$!
	pids="$pids $watched"
	until_true 60 grep -q "$ready" "$work/$watch_name.console" || return
	for format in csv json; do
		"$vmtop" -b -d 0.1 --format $format m0 \
			> "$work/$watch_name.$format" \
			2> "$work/$watch_name.$format.err" &
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
	watch irqs 'irqs-guest: ready' --kernel "$O/tests/guest/irqs.elf"
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

# Linux reads its own counters between marks 1 and 2, and between 3 and 4.
mkdir "$work/more"
cat > "$work/more/workload" <<'EOF'
sleep 2
hv-tool mark 1
cat /proc/interrupts > /tmp/before
hv-tool mark 2
i=0
while [ $i -lt 200 ]; do
	usleep 10000
	i=$((i + 1))
done
hv-tool mark 3
cat /proc/interrupts > /tmp/after
hv-tool mark 4
echo "vmprof-irqs: before"
cat /tmp/before
echo "vmprof-irqs: after"
cat /tmp/after
EOF
scripts/mkinitramfs "$O/tests/guest/hv-tool" "$guest" "$work/more" \
	"$work/initrd"

# How many Linux says came between its readings.
linux_counted() {
	awk '/vmprof-irqs: before/ { sign = -1 }
		/vmprof-irqs: after/ { sign = 1 }
		sign && $1 ~ /^[0-9A-Z]*:$/ && $1 !~ /ERR|MIS/ { n += sign * $2 }
		END { print n + 0 }' "$work/linux.console"
}

# The least and the most that vmtop saw, one after the other; nothing if it did
# not see all marks. A counter is read when its interval ends, somewhat later
# than the rings: what comes after a mark may be in the interval before it.
vmtop_counted() {
	python3 -c '
import itertools, json, sys
rows = [json.loads(line)["vcpus"] for line in open(sys.argv[1])]
irqs = [sum(v["irqs_injected"] for v in row) for row in rows]
marks = list(itertools.accumulate(
    sum(v["hypercalls"] for v in row) for row in rows))
if marks and marks[-1] == 4:
    one, two, three, four = (
        next(i for i, m in enumerate(marks) if m >= n) for n in (1, 2, 3, 4))
    if one >= 2:
        print(sum(irqs[two + 1:three - 1]), sum(irqs[one - 1:four + 1]))
' "$work/linux.json"
}

for _ in 1 2 3 4 5; do
	watch linux 'vmprof-demo: userspace' --kernel "$guest/vmlinuz" \
		--initrd "$work/initrd" --append "console=ttyS0 quiet"
	bounds=$(vmtop_counted)
	[ -z "$bounds" ] || break
	echo "# vmtop came too late; once more"
done
counted=$(linux_counted)
echo "# Linux counted $counted, vmtop between ${bounds% *} and ${bounds#* }"
check linux-was-interrupted test "$counted" -ge 100
check linux-counts-no-less-than-vmtop test "$counted" -ge "${bounds% *}"
check linux-counts-no-more-than-vmtop test "$counted" -le "${bounds#* }"
check nothing-left-behind nothing_left
