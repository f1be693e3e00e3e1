core-y += vmm-core/vcpu/vcpu.o vmm-core/vcpu/vm.o vmm-core/vcpu/exit.o
core-y += vmm-core/vcpu/cpuid.o vmm-core/vcpu/msr.o vmm-core/vcpu/io.o
core-y += vmm-core/vcpu/mmio.o vmm-core/vcpu/hypercall.o vmm-core/vcpu/cr.o
core-y += vmm-core/vcpu/insn.o vmm-core/vcpu/insn_fetch.o
core-y += vmm-core/vcpu/guest_access.o
