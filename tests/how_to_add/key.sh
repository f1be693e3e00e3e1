# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "A sort key": the raw code of an exit.
sed -i '/^KEY(DETAIL,/a KEY(CODE,	code,	"Code",		6,  HEX,   EXITS,		hex,	"code of the exit, as the hardware gave it")' \
	exit-analyzer/stats/keys.def
sed -i '/^OF_EVENT(vm)/i OF_EVENT(code)\n{\n\	return exit_of(ev) ? number(exit_of(ev)->raw_code) : none;\n}\n' \
	exit-analyzer/stats/key.c
sed -i '/^what the exit.s reason adds/,/^\.El/s/^\.El/.It Cm code\ncode of the exit, as the hardware gave it\n.El/' \
	man/vmprof-report.1
sed -i 's/Cm hypercall , Cm detail ,$/Cm hypercall , Cm detail , Cm code ,/' \
	man/vmtop.1
sed -i '/{ BY_DETAIL, CALL_WITH(), KEY_NONE/a \\t\t{ BY_CODE, EXIT_WITH(.raw_code = 0x72), KEY_NUMBER, 0x72, "0x72",\n\t\t  NULL },\n\t\t{ BY_CODE, CALL_WITH(), KEY_NONE, 0, "-", NULL },' \
	tests/unit/key_test.c
mkdir tests/golden/report/sort-by-code
echo 'vmprof report -i svm.data --sort code --format csv' \
	> tests/golden/report/sort-by-code/cmd
