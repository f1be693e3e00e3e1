core-y += vmm-core/trace/trace.o vmm-core/trace/anchor.o
