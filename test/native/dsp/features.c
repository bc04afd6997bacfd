/* The features of samples from stdin, on stdout: features KIND NUMBERS... with the recipe's numbers in the C
   structure's order. For bits.test.ts, which compares what other compilers make of the same C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../firmware/native/dsp/logmel.h"
#include "../../../firmware/native/dsp/spectrum.h"

static uint64_t memory[65536];
static int8_t features[4096];

int main(int argc, char **argv)
{
	int32_t numbers[16] = { 0 };
	for (int i = 2; i < argc && i < 18; i++)
		numbers[i - 2] = atoi(argv[i]);
	int16_t sample;
	if (argc > 1 && strcmp(argv[1], "logmel") == 0) {
		logmel_recipe recipe;
		memcpy(&recipe, numbers, sizeof recipe);
		logmel *mel = logmel_init(memory, sizeof memory, &recipe);
		while (mel && fread(&sample, 2, 1, stdin) == 1)
			if (logmel_push(mel, &sample, 1))
				fwrite(features, 1, logmel_read(mel, features, sizeof features), stdout);
		return mel ? 0 : 1;
	}
	spectrum_recipe recipe;
	memcpy(&recipe, numbers, sizeof recipe);
	spectrum *spectrum = spectrum_init(memory, sizeof memory, &recipe);
	while (spectrum && fread(&sample, 2, 1, stdin) == 1)
		if (spectrum_push(spectrum, &sample, 1)) {
			moments m = spectrum_moments(spectrum);
			fwrite(features, 1, spectrum_read(spectrum, features, sizeof features), stdout);
			fwrite(&m, 1, sizeof m, stdout);
		}
	return spectrum ? 0 : 1;
}
