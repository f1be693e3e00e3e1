# SPDX-License-Identifier: BSD-2-Clause
libexit-y += exit-analyzer/result/result.o
libexit-y += exit-analyzer/result/fact_rules.o
libexit-y += exit-analyzer/result/text_read.o
libexit-y += exit-analyzer/result/result_read.o
libexit-y += exit-analyzer/result/result_write.o
exit-analyzer-y += exit-analyzer/result/history.o
