# SPDX-License-Identifier: BSD-2-Clause
exit-analyzer_ldlibs := -lsqlite3
