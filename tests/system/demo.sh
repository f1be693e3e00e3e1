#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The demo's recording, and what every recording must hold: all exits, none
# missed, the kernel's symbols, a report of any kind. Other tests share it.
. tests/system/lib.sh

mkdir -p "$(dirname "$demo")"
rm -f "$demo".*
timeout 300 "$vmprof" record -o "$demo.data" --kernel "$guest/vmlinuz" \
	--initrd "$guest/initramfs.cpio" --append "console=ttyS0 quiet" \
	> "$demo.console" 2> "$demo.err" < /dev/null
status=$?
cp "$demo.console" "$work/out"
cp "$demo.err" "$work/err"
if [ $status -eq 0 ]; then
	ok recording-ends-well
else
	not_ok recording-ends-well "status $status"
fi
check reaches-userspace grep 'vmprof-demo: userspace' "$demo.console"
check workload-ends grep 'vmprof-demo: end' "$demo.console"
check trace-reads facts "$demo"
same guest-powered-off off "$(fact "$demo" vm_state)"
same not-cut 0 "$(fact "$demo" cut)"

for key in vmexit tlb_flush hypercalls; do
	same "recorded-is-counted-by-the-core:$key" \
		"$(fact "$demo" core.$key)" "$(fact "$demo" $key)"
done
same nothing-missed 0 "$(fact "$demo" cpu0.missed)"
same written-is-read "$(fact "$demo" cpu0.written)" \
	"$(fact "$demo" cpu0.read)"

same trace-has-the-devices "$(grep -cE '^DEVICE_(PORTS|PAGES)\(' \
	vmm-core/abi/devices.def)" "$(grep -c '^device\.' "$demo.facts")"
same serial-is-where-it-was 1016 "$(fact "$demo" device.serial)"

for reason in cpuid hlt io msr-read msr-write hypercall interrupt; do
	check "has-exits:$reason" test "$(fact "$demo" reason.$reason)" -gt 0
done
same marks-in-order "1 2 3 4 5 6 7" "$(sed -n \
	's/^hypercall 0x564d5001 0x\([0-9]*\) .*/\1/p' "$demo.facts" | xargs)"

# at least 99 of 100, in whole numbers
resolved=$(fact "$demo" kernel_resolved)
kernel=$(fact "$demo" kernel_exits)
echo "# $resolved of $kernel kernel-mode exits have a symbol"
grep '^unresolved' "$demo.facts" | sort | uniq -c | sort -rn | head -n 5 |
	sed 's/^/# /'
check kernel-exits-have-symbols \
	test $((resolved * 100)) -ge $((kernel * 99)) -a "$kernel" -gt 1000

check report "$vmprof" report -i "$demo.data"
cp "$work/out" "$work/report"
for reason in cpuid hlt io msr-write; do
	check "report-has:$reason" grep -w -e "$reason" "$work/report"
done
check report-by-symbol "$vmprof" report -i "$demo.data" --sort reason,sym
cp "$work/out" "$work/by-symbol"
check report-names-kernel-functions grep -w -e default_idle \
	-e native_safe_halt -e pv_native_safe_halt -e native_write_msr \
	"$work/by-symbol"
for keys in vcpu cpu cr3 cpl reason,cpl sym,reason; do
	check "sorts-by:$keys" "$vmprof" report -i "$demo.data" --sort $keys
done

# json_says NAME EXPRESSION: of the report r and the exits counted above
json_says() {
	check "json:$1" python3 -c "
import json, sys
r = json.load(open('$work/json'))
sys.exit(not ($2))"
}
"$vmprof" report -i "$demo.data" --format json --sort reason,sym > "$work/json"
all=$(fact "$demo" vmexit)
json_says counts-every-exit "sum(x['count'] for x in r['rows']) == $all"
json_says says-what-was-missed "r['missed'] == 0 and r['written'] > $all"
json_says has-the-clock "r['tsc_khz'] == $(fact "$demo" tsc_khz)"
json_says names-its-keys "all(x['reason'] and 'sym' in x for x in r['rows'])"
json_says orders-the-costs "all(x['handle_cycles_min'] <=
	x['handle_cycles_p50'] <= x['handle_cycles_p95'] <=
	x['handle_cycles_p99'] <= x['handle_cycles_max'] <=
	x['handle_cycles_total']
	for x in r['rows'] if x['count'] > x['cost_unknown'])"

"$vmprof" report -i "$demo.data" --format csv > "$work/csv"
check csv-has-one-width awk -F, 'NF != n && n { exit 1 } { n = NF }' \
	"$work/csv"
check info "$vmprof" info -i "$demo.data"
check script-prints-every-record sh -c \
	"'$vmprof' script -i '$demo.data' > '$work/script'"
check script-has-all-exits test "$(wc -l < "$work/script")" -ge "$all"
check nothing-left-behind nothing_left
