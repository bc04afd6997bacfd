/* A producer and a consumer that do not wait for each other: every sample is the low 16 bits of its number, so the
   consumer sees any that was torn, repeated or lost unsaid. Goes on until enough were read. Prints samples read and
   lost; exits 1 at the first wrong one. */
#include <pthread.h>
#include <stdio.h>
#include "../../../firmware/native/dsp/ring.h"

enum { CAPACITY = 256, ENOUGH = 250000 };

static int16_t samples[CAPACITY];
static ring shared;
static volatile int done;

static void *produce(void *unused)
{
	int16_t chunk[97];
	for (uint32_t number = 0; !done;) {
		size_t count = number % 97 + 1;
		for (size_t i = 0; i < count; i++)
			chunk[i] = (int16_t)(uint16_t)(number + i);
		ring_write(&shared, chunk, count);
		number += (uint32_t)count;
	}
	return unused;
}

int main(void)
{
	pthread_t producer;
	ring_init(&shared, samples, CAPACITY);
	if (pthread_create(&producer, NULL, produce, NULL))
		return 2;
	uint64_t read = 0, lost = 0;
	int16_t chunk[CAPACITY];
	while (read < ENOUGH) {
		uint32_t gap;
		size_t count = ring_read(&shared, chunk, 1 + read % CAPACITY, &gap);
		lost += gap;
		for (size_t i = 0; i < count; i++, read++)
			if ((uint16_t)chunk[i] != (uint16_t)(read + lost)) {
				printf("sample %llu is %u\n", (unsigned long long)(read + lost), (uint16_t)chunk[i]);
				return 1;
			}
	}
	done = 1;
	pthread_join(producer, NULL);
	printf("%llu read, %llu lost\n", (unsigned long long)read, (unsigned long long)lost);
	return 0;
}
