#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# exit-analyzer, from the machine to the gate: results repeat to the last
# digit, the core is held against the committed baseline, and the gate closes
# on a core that was made dearer on purpose.
. tests/system/lib.sh

analyzer=$O/bin/exit-analyzer
baseline=tests/baseline/exit-bench.json
# A compiler of another version moves instructions about: less than both of
# these is let go. A dearer exit that is wanted needs a new baseline.
threshold="--threshold 3% --threshold-ticks 5"

# run NAME ARGS...: the result in $work/NAME.json
run() {
	run_name=$1
	shift
	timeout 120 "$analyzer" run -q -o "$work/$run_name.json" "$@" \
		> "$work/$run_name.out" 2> "$work/$run_name.err" < /dev/null
}

cost() {
	sed -n "s/.*\"row\": \"$2\".*\"cost_ticks\": \([0-9]*\).*/\1/p" "$1"
}

start=$(date +%s)
run one --deterministic &
first=$!
run two --deterministic
same second-run 0 $?
wait $first
same first-run 0 $?
echo "# two runs side by side: $(($(date +%s) - start)) s"
check two-results-are-one-file cmp "$work/one.json" "$work/two.json"
check result-passes-against-itself "$analyzer" check \
	--baseline "$work/one.json" "$work/two.json"

# Where the instructions went: every row's functions come to what its median
# operation took, and finding them out changed no figure.
# add_up FILE FIGURE: do all rows but skipped ones and parts of others?
add_up() {
	python3 -c "import sys, json
rows = [r for r in json.load(open('$1'))['rows']
	if 'skipped' not in r and ',' not in r['row']]
bad = [r['row'] for r in rows
	if sum(r.get('functions', {}).values()) != r['$2']]
print(*bad, sep='\n', file=sys.stderr)
sys.exit(bool(bad) or not rows)"
}
check functions-are-all-of-each-row add_up "$work/one.json" p50_ticks
check cpuid-goes-through-the-fast-path python3 -c "import sys, json
f = {r['row']: r.get('functions')
	for r in json.load(open('$work/one.json'))['rows']}
sys.exit(not {'svm_enter', 'svm_fast_cpuid', 'guest:run_cpuid'} <=
	set(f['cpuid']))"
run plain --deterministic --no-functions
same functions-not-wanted 0 $?
check functions-change-no-figure sh -c "grep -v -e '^      ' -e '^    }}' \
	'$work/one.json' | sed -e 's/, \"functions\": {\$/},/' \
	-e 's/},\$/}/' > '$work/stripped.json' &&
	sed 's/},\$/}/' '$work/plain.json' | cmp - '$work/stripped.json'"
mkdir -p "$work/apart/bin"
cp "$analyzer" "$work/apart/bin"
cp "$O/vmm-core.elf" "$O/exit-bench.elf" "$work/apart"
check without-the-plugin-it-measures "$work/apart/bin/exit-analyzer" run \
	--deterministic -o "$work/apart.json"
check without-the-plugin-it-says-so grep -q \
	'"no_functions": "vmprof-steps.so is not' "$work/apart.json"
: > "$work/apart/vmprof-steps.so"
fails plugin-that-does-not-load 1 "no-functions runs without" \
	"$work/apart/bin/exit-analyzer" run --deterministic -o "$work/apart.json"
check without-a-plugin-it-runs "$work/apart/bin/exit-analyzer" run -q \
	--deterministic --no-functions -o "$work/apart.json"
strip -o "$work/stripped.elf" "$O/vmm-core.elf"
run stripped --deterministic --core "$work/stripped.elf"
check without-symbols-it-says-so grep -q \
	'"no_functions": "the core has no symbols"' "$work/stripped.json"
check without-functions-it-compares "$analyzer" check \
	--baseline "$work/one.json" "$work/apart.json"

# emulator FILE: QEMU's major version in a result.
emulator() {
	sed -n 's/.*"emulator": "QEMU emulator version \([0-9]*\)\..*/\1/p' "$1"
}

# The gate of this project's own core. It executes the same instructions on
# any QEMU; a newer one has fewer exits, which does not count as a regression.
force=
if [ "$(emulator "$work/one.json")" != "$(emulator $baseline)" ]; then
	force=--force
	echo "# the baseline is of QEMU $(emulator $baseline)"
fi
# shellcheck disable=SC2086 # options and their values
if "$analyzer" check $force --baseline $baseline $threshold \
	"$work/one.json" > "$work/out" 2> "$work/err"; then
	ok core-against-baseline
else
	not_ok core-against-baseline "status $?; if this is as it should be:" \
		"build/bin/exit-analyzer run --deterministic -o r.json &&" \
		"build/bin/exit-analyzer bless r.json -o $baseline"
fi
sed 's/^/# /' "$work/out"

# One instruction more than the baseline is enough, with nothing let go.
was=$(cost "$work/one.json" cpuid)
sed "/\"row\": \"cpuid\"/s/\"cost_ticks\": $was/\"cost_ticks\": $((was - 1))/" \
	"$work/one.json" > "$work/cheaper.json"
"$analyzer" check --baseline "$work/cheaper.json" "$work/one.json" \
	> "$work/said" 2> "$work/err"
same one-instruction-closes-the-gate 3 $?
check one-instruction-is-named grep -q \
	"^worse *cpuid *$((was - 1)) -> $was instructions, +1 (" "$work/said"
check one-instruction-may-be-allowed "$analyzer" check --threshold-ticks 1 \
	--baseline "$work/cheaper.json" "$work/one.json"
check cheaper-is-no-regression "$analyzer" check \
	--baseline "$work/one.json" "$work/cheaper.json"

# A core whose hypercalls are dearer, linked from the same objects.
run planted --deterministic --core "$O/tests/plant/vmm-core.elf"
same planted-core-runs 0 $?
"$analyzer" check --baseline "$work/one.json" "$work/planted.json" \
	> "$work/said" 2> "$work/err"
same planted-regression-closes-the-gate 3 $?
check planted-regression-is-named grep -q '^worse *hypercall-nop ' "$work/said"
check planted-function-is-named grep -q \
	'^ *+[0-9]* *__wrap_svm_fast_hypercall *0 -> ' "$work/said"
same no-other-function-is-named 1 "$(grep -c '^ ' "$work/said")"
grew=$(($(cost "$work/planted.json" hypercall-nop) - \
	$(cost "$work/one.json" hypercall-nop)))
echo "# the planted core's hypercall is $grew instructions dearer"
check planted-regression-is-of-its-size test $grew -ge 200 -a $grew -le 220
for row in cpuid msr-read port-in hlt-to-wake; do
	same "planted-core-leaves-alone:$row" "$(cost "$work/one.json" $row)" \
		"$(cost "$work/planted.json" $row)"
done
run turns --deterministic --core "$O/tests/plant/vmm-core.elf" \
	--against "$O/vmm-core.elf"
same in-turns-closes-the-gate 3 $?
check in-turns-names-the-function grep -q '^ *+.*__wrap_svm_fast_hypercall ' \
	"$work/turns.out"

# Where time is the host's, what fails once is measured once more. The core here
# is slower than any noise; in the second of the tests a QEMU in between has the
# two cores change places for the retry.
noisy() {
	noisy_name=$1
	shift
	timeout 550 env PATH="$work/bin:$PATH" "$analyzer" run -q \
		--rows hypercall-nop --rounds 12 --core "$work/core.elf" \
		--against "$work/against.elf" -o "$work/$noisy_name.json" \
		> "$work/$noisy_name.out" 2> "$work/$noisy_name.err" < /dev/null
}

mkdir "$work/bin"
qemu=$(command -v qemu-system-x86_64)
cat > "$work/bin/qemu-system-x86_64" <<- END
	#!/bin/sh
	cores() {
		ln -sf "\$1" "$work/core.elf"
		ln -sf "\$2" "$work/against.elf"
	}
	if [ "\$1" != --version ]; then
		echo >> "$work/boots"
		# the last boot of the first try has its core already
		[ "\$(wc -l < "$work/boots")" -ne "\$(cat "$work/swap")" ] ||
			cores "$O/vmm-core.elf" "$O/tests/plant/crawls.elf"
	fi
	exec "$qemu" "\$@"
END
chmod +x "$work/bin/qemu-system-x86_64"
for test_case in twice:3:48 once:0:24; do
	ln -sf "$O/tests/plant/crawls.elf" "$work/core.elf"
	ln -sf "$O/vmm-core.elf" "$work/against.elf"
	: > "$work/boots"
	name=fails-${test_case%%:*}
	echo "${test_case##*:}" > "$work/swap"
	noisy "$name"
	status=$?
	same "$name-status" "$(echo "$test_case" | cut -d : -f 2)" $status
	check "$name-says-that-it-tries-again" grep -q 'measuring once more' \
		"$work/$name.err"
	check "$name-names-the-row" grep -q '^worse *hypercall-nop ' \
		"$work/$name.out"
	same "$name-boots" 48 "$(wc -l < "$work/boots")"
done
check fails-once-is-none grep -q '^ok, no row failed twice' \
	"$work/fails-once.out"
fails too-few-rounds-for-noise 2 "at least 12 --rounds" "$analyzer" run \
	--against "$O/vmm-core.elf" --rounds 11

# Some rows only.
run some --deterministic --rows cpuid,msr-read
same some-rows-run 0 $?
same some-rows "cpuid empty msr-read" \
	"$(sed -n 's/.*{"row": "\([a-z-]*\)".*/\1/p' "$work/some.json" | xargs)"
same some-rows-cost-the-same "$(cost "$work/one.json" cpuid)" \
	"$(cost "$work/some.json" cpuid)"
fails no-such-row 1 "no row 'nosuch'" "$analyzer" run --deterministic \
	--rows cpuid,nosuch -o "$work/x.json"
fails rows-are-names 2 "takes names" "$analyzer" run --rows 'cpuid plant=x'

# Every format says it, in its own way.
format() {
	"$analyzer" check --baseline "$work/cheaper.json" --format "$1" \
		-o "$work/$1" "$work/one.json"
	same "format-$1-status" 3 $?
	shift
	check "format-$format" "$@"
}
for format in junit json gitlab github markdown; do
	case $format in
	junit) set -- python3 -c "import sys, xml.etree.ElementTree as t
s = t.parse('$work/junit').getroot()[0]
f = [c.get('name') for c in s if c.find('failure') is not None]
sys.exit(f != ['cpuid'] or s.get('failures') != '1')" ;;
	json) set -- python3 -c "import sys, json
r = json.load(open('$work/json'))
sys.exit([x['row'] for x in r['rows'] if x['failed']] != ['cpuid'])" ;;
	gitlab) set -- python3 -c "import sys, json
r = json.load(open('$work/gitlab'))
sys.exit(len(r) != 1 or 'cpuid' not in r[0]['description'])" ;;
	github) set -- grep -q '^::error file=.*title=cpuid is worse::' \
		"$work/github" ;;
	markdown) set -- grep -q '^| \*\*cpuid\*\* |' "$work/markdown" ;;
	esac
	format $format "$@"
done

# Bad input.
sed 's/"cpu_model": "default"/"cpu_model": "EPYC"/' "$work/one.json" \
	> "$work/other.json"
fails other-machine-is-refused 1 "cpu_model: 'EPYC' against 'default'" \
	"$analyzer" check --baseline "$work/other.json" "$work/one.json"
check other-machine-forced "$analyzer" check --force \
	-o "$work/said" --baseline "$work/other.json" "$work/one.json"
check force-is-marked grep -q '^FORCED' "$work/said"
sed '0,/"n": 1000/s//"n": "many"/' "$work/one.json" > "$work/bad.json"
line=$(grep -n many "$work/bad.json" | cut -d: -f1)
fails bad-baseline-names-its-line 1 "bad.json:$line: " \
	"$analyzer" check --baseline "$work/bad.json" "$work/one.json"
head -c 2000 "$work/one.json" > "$work/cut.json"
fails cut-baseline 1 "cut.json:[0-9]*: not JSON" \
	"$analyzer" check --baseline "$work/cut.json" "$work/one.json"
sed '/"row":/d' "$work/plain.json" > "$work/empty.json"
fails empty-baseline 1 "nothing was measured" \
	"$analyzer" check --baseline "$work/empty.json" "$work/one.json"
fails empty-is-not-blessed 1 "has no rows" \
	"$analyzer" bless "$work/empty.json" -o "$work/blessed.json"
check nothing-was-blessed test ! -e "$work/blessed.json"
fails no-such-baseline 1 "no-such" "$analyzer" check \
	--baseline "$work/no-such" "$work/one.json"
fails unknown-command 2 "check" "$analyzer" frobnicate
fails ambiguous-command 2 "compare" "$analyzer" c
fails unknown-format 2 "junit" "$analyzer" check --format x \
	--baseline "$work/one.json" "$work/one.json"
fails no-result 2 "RESULT" "$analyzer" check --baseline "$work/one.json"
for command in "" run check compare bless list; do
	# shellcheck disable=SC2086 # empty means no argument
	check "help:$command" "$analyzer" $command --help
done
check prefix "$analyzer" l "$work/one.json"
check compare-shows-both "$analyzer" compare "$work/one.json" \
	"$work/planted.json"

# A guest that dies in the middle: what it said is kept, and the run failed.
run dead --deterministic --core "$O/tests/plant/dies.elf"
same guest-dies-in-the-middle 1 $?
check rows-so-far-are-kept grep -q '"row": "cpuid"' "$work/dead.json"
check failure-is-recorded grep -q '"failure": ' "$work/dead.json"
fails failed-run-is-not-checked 1 "of a run that failed" \
	"$analyzer" check --baseline "$work/one.json" "$work/dead.json"
fails failed-run-is-not-blessed 1 "cannot bless" \
	"$analyzer" bless "$work/dead.json" -o "$work/blessed.json"

# A guest of one's own, from the trace.
for name in own again; do
	run $name --deterministic --kernel "$O/tests/guest/cpuid.elf"
	same "own-guest-$name" 0 $?
done
check own-guest-repeats cmp "$work/own.json" "$work/again.json"
check own-guest-has-its-exits grep -q '"row": "cpuid", "n": 10001,' \
	"$work/own.json"
check own-guest-functions-are-all-of-each-row add_up "$work/own.json" cost_ticks
run own-planted --deterministic --kernel "$O/tests/guest/cpuid.elf" \
	--core "$O/tests/plant/vmm-core.elf"
same own-guest-planted 0 $?
"$analyzer" check --baseline "$work/own.json" "$work/own-planted.json" \
	> "$work/said" 2> "$work/err"
same own-guest-closes-the-gate 3 $?
check own-guest-names-the-core-function grep -q \
	'^ *+[0-9]* *__wrap_svm_fast_hypercall *0 -> ' "$work/said"
check own-guest-names-the-guest-function grep -q \
	'^ *+[0-9]* *guest:\[unknown\] ' "$work/said"
check nothing-left-behind nothing_left
