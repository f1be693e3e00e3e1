core-y += vmm-core/svm/backend.o vmm-core/svm/entry.o vmm-core/svm/decode.o
core-y += vmm-core/svm/vmcb.o vmm-core/svm/npt.o vmm-core/svm/fast.o
core-y += vmm-core/svm/flags.o

# entry.S has saved RBX, too
$(O)/core/vmm-core/svm/fast.o: core_cflags += -fcall-used-rbx
