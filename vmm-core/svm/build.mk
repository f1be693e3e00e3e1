core-y += vmm-core/svm/backend.o vmm-core/svm/entry.o vmm-core/svm/decode.o
core-y += vmm-core/svm/vmcb.o vmm-core/svm/npt.o vmm-core/svm/cpuid_fast.o
core-y += vmm-core/svm/flags.o
