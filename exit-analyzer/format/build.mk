# SPDX-License-Identifier: BSD-2-Clause
libexit-y += exit-analyzer/format/formats.o
libexit-y += exit-analyzer/format/format_text.o
libexit-y += exit-analyzer/format/format_json.o
libexit-y += exit-analyzer/format/format_junit.o
libexit-y += exit-analyzer/format/format_markdown.o
libexit-y += exit-analyzer/format/format_github.o
libexit-y += exit-analyzer/format/format_gitlab.o
