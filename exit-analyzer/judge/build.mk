# SPDX-License-Identifier: BSD-2-Clause
libexit-y += exit-analyzer/judge/permutation.o
libexit-y += exit-analyzer/judge/bootstrap.o
libexit-y += exit-analyzer/judge/machines.o
libexit-y += exit-analyzer/judge/verdict.o
libexit-y += exit-analyzer/judge/share.o
libexit-y += exit-analyzer/judge/change_point.o
