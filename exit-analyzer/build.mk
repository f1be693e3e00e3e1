# SPDX-License-Identifier: BSD-2-Clause
libexit-y += exit-analyzer/histogram.o
libexit-y += exit-analyzer/row_table.o
libexit-y += exit-analyzer/symbol_index.o
libexit-y += exit-analyzer/summary.o
libexit-y += exit-analyzer/summary_keys.o
