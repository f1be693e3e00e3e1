core-y += vmm-core/vcpu/vcpu.o vmm-core/vcpu/vm.o
