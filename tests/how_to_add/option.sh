# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# HACKING.md, "An option": vmprof info --brief, which prints nothing.
sed -i -e '/^struct options {/a \	bool brief;' \
	-e '/^static const struct option_row/a \	{ .name = "brief", .letter = '\''b'\'', .help = "say nothing of it",\n\	  .take = option_flag, .offset = offsetof(struct options, brief) },' \
	-e 's/^	if (formats\[/	if (!o.brief \&\& formats[/' vmprof/cmd_info.c
sed -i '/^\.It Fl -format/i .It Fl b , Fl -brief\nSay nothing of it.' \
	man/vmprof-info.1
mkdir tests/golden/info/brief-says-nothing
echo 'vmprof info -i svm.data --brief' > tests/golden/info/brief-says-nothing/cmd
