#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The refusals of bench-kvm and bench-xen before they begin. A whole run takes
# too long for here: make check-long runs them.
. tests/lib.sh

for name in bench-kvm bench-xen; do
	fails $name-option 1 "usage: $name" scripts/$name --off
	fails $name-no-file 1 '-o needs the name of a file' scripts/$name -o
	fails $name-quote 1 'cannot have a quote' scripts/$name 'a="b c"'
done
