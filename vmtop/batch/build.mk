# SPDX-License-Identifier: BSD-2-Clause
libvmtop-y += vmtop/batch/batch.o
libvmtop-y += vmtop/batch/batch_text.o
libvmtop-y += vmtop/batch/batch_csv.o
libvmtop-y += vmtop/batch/batch_json.o
