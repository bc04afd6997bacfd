#include "capture.h"
#include "port.h"

#ifndef AUDIO_RING
#define AUDIO_RING 4096
#endif
#ifndef ACCEL_RING
#define ACCEL_RING 4096
#endif
#define POWER_OF_TWO(n) ((n) >= 2 && ((n) & ((n) - 1)) == 0)
typedef char audio_ring_is_a_power_of_two[POWER_OF_TWO(AUDIO_RING) ? 1 : -1];
typedef char accel_ring_is_a_power_of_two[POWER_OF_TWO(ACCEL_RING) ? 1 : -1];

static int16_t audio_samples[AUDIO_RING], accel_samples[ACCEL_RING];
static ring audio = { .samples = audio_samples, .capacity = AUDIO_RING };
static ring accel = { .samples = accel_samples, .capacity = ACCEL_RING };

ring *capture_audio(void)
{
	return &audio;
}

ring *capture_accel(void)
{
	return &accel;
}

static void pump(ring *to, size_t (*read)(int16_t *to, size_t count))
{
	int16_t chunk[64];
	for (size_t count; (count = read(chunk, 64)) > 0;)
		ring_write(to, chunk, count);
}

void capture_pump(void)
{
	pump(&audio, port_audio_read);
	pump(&accel, port_accel_read);
}
