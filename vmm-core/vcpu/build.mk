core-y += vmm-core/vcpu/vcpu.o vmm-core/vcpu/vm.o vmm-core/vcpu/run.o
core-y += vmm-core/vcpu/context.o vmm-core/vcpu/event.o vmm-core/vcpu/reset.o
core-y += vmm-core/vcpu/tag.o vmm-core/vcpu/vm_map.o vmm-core/vcpu/vm_stop.o
core-y += vmm-core/vcpu/vm_devices.o
