# SPDX-License-Identifier: BSD-2-Clause
# Shared by the benchmarks that need a machine.
# shellcheck shell=sh
. tests/system/lib.sh

# shellcheck disable=SC2034 # for the benchmarks
missed=0

# figure NAME VALUE UNIT LIMIT: prints it; above the limit sets missed.
figure() {
	printf '%-52s %10s %s  (at most %s)\n' "$1" "$2" "$3" "$4"
	awk "BEGIN { exit !($2 > $4) }" && missed=1
	return 0
}

# ratio A B: to three places.
ratio() {
	awk "BEGIN { printf \"%.3f\", $1 / $2 }"
}

give_up() {
	echo "$1"
	exit 1
}
