# SPDX-License-Identifier: BSD-2-Clause
libexit-y += exit-analyzer/stats/histogram.o
libexit-y += exit-analyzer/stats/row_table.o
libexit-y += exit-analyzer/stats/rows.o
libexit-y += exit-analyzer/stats/symbol_index.o
libexit-y += exit-analyzer/stats/summary.o
libexit-y += exit-analyzer/stats/summary_rows.o
libexit-y += exit-analyzer/stats/summary_keys.o
