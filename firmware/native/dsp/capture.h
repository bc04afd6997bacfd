/* From the port's drivers into the rings of sound and acceleration. */
#ifndef CAPTURE_H
#define CAPTURE_H
#include "ring.h"

/* The rings. Their sizes, AUDIO_RING and ACCEL_RING in samples, come from board.json. */
ring *capture_audio(void);
ring *capture_accel(void);

/* Moves what the drivers hold into the rings. On a board the sensor's interrupt calls it, in the twin every turn. */
void capture_pump(void);
#endif
