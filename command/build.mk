# SPDX-License-Identifier: BSD-2-Clause
libcommand-y += command/main.o
libcommand-y += command/parse.o
libcommand-y += command/interrupt.o
libcommand-y += command/units.o
libcommand-y += command/value.o
libcommand-y += command/output.o
libcommand-y += command/machine_options.o
