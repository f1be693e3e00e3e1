vmprof-y += vmprof/main.o
vmprof-y += vmprof/cmd.o
