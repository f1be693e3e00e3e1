/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to a vCPU's CPU: posted by anybody, taken once, kicked once; and
 * by several threads at the same time, none is lost.
 */
#include "tests/unit/core_vm.h"

#include <pthread.h>

static struct cpu other_cpu;
static struct requests *requests;

static int setup(void **state)
{
	(void)state;
	test_vm_init(1);
	requests = &test_vcpu[0].requests;
	requests->cpu = &other_cpu;
	return 0;
}

static void a_request_is_taken_once(void **state)
{
	(void)state;
	assert_int_equal(requests_waiting(requests), 0);
	request_post(requests, REQUEST_NMI);
	request_post(requests, REQUEST_FLUSH);
	assert_int_equal(requests_waiting(requests),
			 REQUEST_NMI | REQUEST_FLUSH);
	assert_int_equal(requests_take(requests), REQUEST_NMI | REQUEST_FLUSH);
	assert_int_equal(requests_take(requests), 0);
}

static void stop_stays(void **state)
{
	(void)state;
	request_post(requests, REQUEST_STOP);
	assert_int_equal(requests_take(requests), REQUEST_STOP);
	assert_int_equal(requests_take(requests), REQUEST_STOP);
}

static void only_what_is_new_is_kicked(void **state)
{
	(void)state;
	request_post(requests, REQUEST_IRQ);
	request_post(requests, REQUEST_IRQ);
	assert_int_equal(test_kicks, 1);
	request_post(requests, REQUEST_NMI);
	assert_int_equal(test_kicks, 2);
	requests_take(requests);
	request_post(requests, REQUEST_IRQ);
	assert_int_equal(test_kicks, 3);
	/* nobody kicks himself: he looks before he enters the guest */
	requests->cpu = &test_cpu;
	request_post(requests, REQUEST_NMI);
	assert_int_equal(test_kicks, 3);
}

static void sipi_brings_its_vector(void **state)
{
	u32 mask;

	(void)state;
	request_post_sipi(requests, 0x9a);
	request_post_sipi(requests, 0x55);
	mask = requests_take(requests);
	assert_int_equal(mask & 0xffff, REQUEST_SIPI);
	assert_int_equal(REQUEST_SIPI_VECTOR(mask), 0x9a);
	request_post_sipi(requests, 0x55);
	assert_int_equal(REQUEST_SIPI_VECTOR(requests_take(requests)), 0x55);
}

static void init_forgets_an_earlier_sipi(void **state)
{
	(void)state;
	request_post_sipi(requests, 0x9a);
	request_post(requests, REQUEST_INIT);
	assert_int_equal(requests_take(requests), REQUEST_INIT);
	request_post(requests, REQUEST_INIT);
	request_post_sipi(requests, 0x9a);
	assert_int_equal(requests_take(requests),
			 REQUEST_INIT | REQUEST_SIPI | 0x9a000000);
}

#define ROUNDS	200000

/* The data that each poster wrote before its requests. */
static unsigned int written[2], finished;

static void *poster(void *arg)
{
	unsigned int me = arg != NULL;

	for (unsigned int i = 1; i <= ROUNDS; i++) {
		__atomic_store_n(&written[me], i, __ATOMIC_RELAXED);
		request_post(requests, me ? REQUEST_NMI : REQUEST_IRQ);
	}
	__atomic_fetch_add(&finished, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* The last to take a request sees all that was written before it. */
static void none_is_lost_among_threads(void **state)
{
	unsigned int seen[2] = { 0 };
	pthread_t threads[2];

	(void)state;
	requests->cpu = &test_cpu;
	pthread_create(&threads[0], NULL, poster, NULL);
	pthread_create(&threads[1], NULL, poster, requests);
	while (seen[0] < ROUNDS || seen[1] < ROUNDS) {
		bool last = __atomic_load_n(&finished, __ATOMIC_ACQUIRE) == 2;
		u32 mask = requests_take(requests);

		assert_true(mask || !last);
		if (mask & REQUEST_IRQ)
			seen[0] = __atomic_load_n(&written[0],
						  __ATOMIC_RELAXED);
		if (mask & REQUEST_NMI)
			seen[1] = __atomic_load_n(&written[1],
						  __ATOMIC_RELAXED);
	}
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_taken_once),
		TEST(stop_stays),
		TEST(only_what_is_new_is_kicked),
		TEST(sipi_brings_its_vector),
		TEST(init_forgets_an_earlier_sipi),
		TEST(none_is_lost_among_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
