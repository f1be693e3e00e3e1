#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vmtop beside stock Linux guests: how soon it names a guest's functions, and
# its memory once it has all symbols of eight guests and a minute's worth of
# intervals. The machines' RAM, which it maps, is counted apart: it is theirs.
. tests/bench/lib.sh

guests=8
view=$O/tests/bench/vmtop_view_bench

# start NUMBER
start() {
	record_linux "g$1" spin --name "g$1" --mem 128M --ring 8M &
	pids="$pids $!"
}

# functions NAME LIMIT [MACHINE]: milliseconds, the most of five tries.
functions() {
	most=0
	for _ in 1 2 3 4 5; do
		ms=$("$view" until native_ 4 "$O/bin/vmtop" ${3:+"$3"}) ||
			give_up "no functions were named"
		[ "$ms" -le "$most" ] || most=$ms
	done
	figure "$1, most of 5" "$most" ms "$2"
}

# A mapping's line begins with its addresses and ends with its file.
mib_of() {
	awk -v of="$1" '
		/^[0-9a-f]+-[0-9a-f]+ / { ram = /\/ram$/ }
		$1 == "Rss:" { kib[ram ? "ram" : "own"] += $2 }
		END { printf "%.1f", kib[of] / 1024 }' "$work/memory"
}

start 0
until_true 300 in_userspace g0 || give_up "guest g0 did not boot"
functions "functions of one guest" 1000 g0

i=1
while [ $i -lt $guests ]; do
	start $i
	i=$((i + 1))
done
i=1
while [ $i -lt $guests ]; do
	until_true 300 in_userspace g$i || give_up "guest g$i did not boot"
	i=$((i + 1))
done
"$view" memory 25 4 "$O/bin/vmtop" -d 0.2 > "$work/memory" ||
	give_up "vmtop did not live"
echo "pages of the machines' RAM that it has mapped: $(mib_of ram) MiB"
figure "memory beside $guests guests" "$(mib_of own)" MiB 64
i=0
while [ $i -lt $guests ]; do
	kill -INT "$(recorder_of g$i)"
	i=$((i + 1))
done
wait
exit "$missed"
