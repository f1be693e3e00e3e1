/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's instruction decoder against Zydis, on random bytes: whatever
 * ours accepts must mean the same to Zydis, and what Zydis calls a move
 * between a general register and memory, ours must accept.
 */
/* the core's own file: no hosted library has it */
#include "vmm-core/exit/insn.c"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <Zydis/Zydis.h>

#define ROUNDS 600000

struct oracle {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
};

static bool oracle_decode(u8 code_bits, const u8 *bytes, struct oracle *o)
{
	ZydisDecoder decoder;

	if (code_bits == 64)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
				 ZYDIS_STACK_WIDTH_64);
	else if (code_bits == 32)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
				 ZYDIS_STACK_WIDTH_32);
	else
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_16,
				 ZYDIS_STACK_WIDTH_16);
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(
		&decoder, bytes, INSN_BYTES_MAX, &o->insn, o->op));
}

static const ZydisDecodedOperand *oracle_memory(const struct oracle *o)
{
	for (int i = 0; i < 2; i++)
		if (o->op[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			return &o->op[i];
	return NULL;
}

static bool is_general(const ZydisDecodedOperand *op)
{
	ZydisRegisterClass c;

	if (op->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return true;
	if (op->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return false;
	c = ZydisRegisterGetClass(op->reg.value);
	return c == ZYDIS_REGCLASS_GPR8 || c == ZYDIS_REGCLASS_GPR16 ||
	       c == ZYDIS_REGCLASS_GPR32 || c == ZYDIS_REGCLASS_GPR64;
}

/* A move of the kind that insn_mmio() knows. */
static bool oracle_is_mmio(const struct oracle *o)
{
	const ZydisDecodedOperand *memory;

	switch (o->insn.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_MOVZX:
	case ZYDIS_MNEMONIC_MOVSX:
	case ZYDIS_MNEMONIC_XCHG:
		break;
	default:
		return false;
	}
	memory = oracle_memory(o);
	return memory && is_general(&o->op[memory == &o->op[0] ? 1 : 0]);
}

/* Zydis' name of a register as its number, AH to BH as 4 to 7. */
static u8 register_number(ZydisRegister reg)
{
	return (u8)ZydisRegisterGetId(reg);
}

static void check_register(const struct insn_mmio *m,
			   const ZydisDecodedOperand *op)
{
	u8 id = register_number(op->reg.value);

	if (ZydisRegisterGetClass(op->reg.value) == ZYDIS_REGCLASS_GPR8) {
		const char *name = ZydisRegisterGetString(op->reg.value);
		bool high = name[1] == 'h' && name[2] == 0;

		assert_int_equal(m->high_byte, high);
		if (high) {
			assert_int_equal(name[0], "acdb"[m->gpr]);
			return;
		}
		/* AL CL DL BL AH CH DH BH SPL BPL ...: skip the high halves */
		assert_int_equal(m->gpr, id < 4 ? id : id - 4);
		return;
	}
	assert_false(m->high_byte);
	assert_int_equal(m->gpr, id);
}

static void check_same(const struct insn_mmio *m, const struct oracle *o)
{
	const ZydisDecodedOperand *memory = oracle_memory(o);
	const ZydisDecodedOperand *other = &o->op[memory == &o->op[0] ? 1 : 0];

	assert_int_equal(m->len, o->insn.length);
	assert_int_equal(m->bytes * 8, memory->size);
	assert_int_equal(m->write,
			 !!(memory->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE));
	assert_int_equal(m->read,
			 !!(memory->actions & ZYDIS_OPERAND_ACTION_MASK_READ));
	assert_int_equal(m->immediate,
			 other->type == ZYDIS_OPERAND_TYPE_IMMEDIATE);
	assert_int_equal(m->sign_extend,
			 o->insn.mnemonic == ZYDIS_MNEMONIC_MOVSX);
	if (!m->immediate) {
		check_register(m, other);
		if (m->read)
			assert_int_equal(m->gpr_bytes * 8, other->size);
		return;
	}
	{
		u64 mask = m->bytes == 8 ? ~0ull : (1ull << 8 * m->bytes) - 1;

		assert_int_equal(m->value & mask, other->imm.value.u & mask);
	}
}

/* Random, but mostly of the shape that matters. */
static void random_insn(u8 *bytes)
{
	static const u8 likely_bytes[] = {
		0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x64, 0x65, 0x40, 0x44,
		0x48, 0x4f, 0x0f, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0xa0,
		0xa1, 0xa2, 0xa3, 0xb6, 0xb7, 0xbe, 0xbf, 0xc6, 0xc7, 0x20,
		0x22, 0x04, 0x05, 0x25, 0x44, 0x84,
	};

	for (int i = 0; i < INSN_BYTES_MAX; i++)
		bytes[i] = rand() % 3 && i < 5 ?
				   likely_bytes[rand() % sizeof(likely_bytes)] :
				   (u8)rand();
}

static void moves_mean_what_zydis_says(void **state)
{
	static const u8 modes[] = { 16, 32, 64 };
	unsigned int accepted = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		u8 bytes[INSN_BYTES_MAX], bits = modes[i % 3];
		struct insn_mmio m;
		struct oracle o;
		bool known;

		random_insn(bytes);
		m = insn_mmio(bytes, sizeof(bytes), bits);
		known = oracle_decode(bits, bytes, &o);
		if (known && oracle_is_mmio(&o)) {
			assert_true(m.len);
			check_same(&m, &o);
			accepted++;
		} else if (m.len) {
			/* what the CPU would refuse with #UD before any access */
			assert_false(known);
		}
	}
	assert_true(accepted > ROUNDS / 20);
}

static void control_register_moves_mean_what_zydis_says(void **state)
{
	unsigned int accepted = 0;

	(void)state;
	srand(2);
	for (int i = 0; i < ROUNDS; i++) {
		u8 bytes[INSN_BYTES_MAX];
		struct insn_mov_cr mov;
		struct oracle o;

		random_insn(bytes);
		if (i & 1) {
			bytes[0] = 0x40 | (rand() & 15);
			bytes[1] = 0x0f;
			bytes[2] = i & 2 ? 0x20 : 0x22;
		}
		mov = insn_mov_cr(bytes, sizeof(bytes), 64);
		if (!oracle_decode(64, bytes, &o) ||
		    o.insn.mnemonic != ZYDIS_MNEMONIC_MOV ||
		    o.insn.opcode_map != ZYDIS_OPCODE_MAP_0F ||
		    (o.insn.opcode & ~2) != 0x20)
			continue;
		assert_int_equal(mov.len, o.insn.length);
		assert_int_equal(mov.write, o.insn.opcode == 0x22);
		assert_int_equal(mov.cr, register_number(
			o.op[mov.write ? 0 : 1].reg.value));
		assert_int_equal(mov.gpr, register_number(
			o.op[mov.write ? 1 : 0].reg.value));
		accepted++;
	}
	assert_true(accepted > 1000);
}

static void short_input_is_refused(void **state)
{
	static const u8 mov[] = { 0x48, 0xc7, 0x84, 0x24, 1, 2, 3, 4,
				  5, 6, 7, 8 };

	(void)state;
	for (size_t n = 0; n < sizeof(mov); n++)
		assert_int_equal(insn_mmio(mov, n, 64).len, 0);
	assert_int_equal(insn_mmio(mov, sizeof(mov), 64).len, sizeof(mov));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_mean_what_zydis_says),
		cmocka_unit_test(control_register_moves_mean_what_zydis_says),
		cmocka_unit_test(short_input_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
