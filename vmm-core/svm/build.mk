core-y += vmm-core/svm/svm.o vmm-core/svm/svm_entry.o vmm-core/svm/decode.o
core-y += vmm-core/svm/vmcb.o vmm-core/svm/npt.o vmm-core/svm/asid.o vmm-core/svm/cpuid_fast.o
