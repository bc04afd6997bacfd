/* A quarter of a sine wave; the other three follow by symmetry. The 1024 steps serve transforms of up to 4096 points
   exactly; a straight line between two is off by at most (pi/2048)^2/8 = 2.9e-7. */
#include "sine.h"

const int32_t sine_quarter[SINE_QUARTER + 1] = {
#include "sine_table.h"
};

/* Phase as a fraction of a turn: two bits of quadrant, ten of table index, twenty between two entries. */
int32_t sine_q30(uint32_t turn)
{
	uint32_t quadrant = turn >> 30;
	uint32_t within = turn & 0x3fffffffu;
	if (quadrant & 1)
		within = 0x40000000u - within;
	uint32_t index = within >> 20;
	int32_t value = sine_quarter[index];
	int32_t rest = (int32_t)(within & 0xfffffu);
	if (rest)
		value += (int32_t)(((int64_t)(sine_quarter[index + 1] - value) * rest + (1 << 19)) >> 20);
	return quadrant & 2 ? -value : value;
}

int32_t cosine_q30(uint32_t turn)
{
	return sine_q30(turn + 0x40000000u);
}
