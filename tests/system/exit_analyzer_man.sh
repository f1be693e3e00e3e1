#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The man pages of exit-analyzer: one for each command, with examples that are
# run as they stand there, in this order. The last one,
# of the history, must also find a change that was made.
. tests/system/lib.sh

analyzer=$O/bin/exit-analyzer
commands=$("$analyzer" --list-commands)
for c in $commands; do
	check "man-page:$c" test -s "man/exit-analyzer-$c.1"
done

mkdir "$work/examples"
ln -s "$O/tests/guest/cpuid.elf" "$work/examples/guest.elf"
ln -s "$O/exit-bench.elf" "$work/examples/exit-bench.elf"
run_example() {
	(cd "$work/examples" && PATH=$O/bin:$PATH timeout 60 sh -c "$1")
}
for page in exit-analyzer exit-analyzer-run exit-analyzer-import \
	exit-analyzer-check exit-analyzer-compare exit-analyzer-bless \
	exit-analyzer-list exit-analyzer-history; do
	# the 1 of QEMU is as the page says
	sed -n -e 's/^\.Dl \$ \(exit-analyzer .*\)/\1/p' \
		-e 's/^\.Dl \$ \(qemu-.*\)/\1; [ $? -eq 1 ]/p' man/$page.1
done > "$work/lines"
while read -r line; do
	check "example:$line" run_example "$line" < /dev/null
done < "$work/lines"

sed '/"row": "cpuid"/s/"cost_ticks": [0-9]*/"cost_ticks": 1000/' \
	"$work/examples/result.json" > "$work/examples/dearer.json"
check history-takes-another run_example \
	"exit-analyzer history add dearer.json --label v2"
run_example "exit-analyzer history plot cpuid" > "$work/plot" 2>&1
check history-finds-the-change grep -q \
	'^changed at run 2: [0-9]* -> 1000 (+' "$work/plot"
run_example "exit-analyzer history plot msr-read" > "$work/plot" 2>&1
check history-finds-no-other grep -q '^no change found' "$work/plot"
echo 'not a database, whatever it is called' > "$work/examples/noise.db"
fails history-of-no-database 1 "not a database" "$analyzer" history list \
	--db "$work/examples/noise.db"
fails history-of-no-row 1 "no run has a row" "$analyzer" history \
	--db "$work/examples/exit-analyzer.db" plot no-such-row
check nothing-left-behind nothing_left
