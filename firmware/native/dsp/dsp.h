/* All of Cricket's signal processing in C, for those who want it whole. Integers only: every target, the simulator and
   the training of models get the same bits. */
#ifndef DSP_H
#define DSP_H
#include "capture.h"
#include "logmel.h"
#include "ring.h"
#include "spectrum.h"
#include "tap.h"
#endif
