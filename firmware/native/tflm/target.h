/* Which fast versions of the operators a build has. Each such version is a file of its own, ops/<operator>_<target>.c, and
   gives the same bits as the plain one in ops/<operator>.c, which a build with -DTFLM_REFERENCE has alone. */
#ifndef TARGET_H
#define TARGET_H

#if defined(TFLM_REFERENCE)
#define TFLM_FAST 0
#else
#define TFLM_FAST 1
#endif

/* Element types of networks besides int8. A build for int8 networks alone, -DTFLM_INT8_ALONE, has a third less code. */
#if defined(TFLM_INT8_ALONE)
#define TFLM_WITH_INT16 0
#define TFLM_WITH_FLOAT32 0
#else
#define TFLM_WITH_INT16 1
#define TFLM_WITH_FLOAT32 1
#endif

/* WebAssembly's vectors of 128 bits: with weights packed by prepare, where the host gives memory for it. */
#if TFLM_FAST && defined(__wasm_simd128__) && defined(TFLM_WITH_SIMD128)
#define TFLM_SIMD128 1
#else
#define TFLM_SIMD128 0
#endif

/* The DSP extension of Cortex-M4 and later: two products of int16 in an instruction. */
#if TFLM_FAST && defined(__ARM_FEATURE_DSP) && defined(__arm__)
#define TFLM_DSP 1
#else
#define TFLM_DSP 0
#endif

/* Every other machine, and what SIMD128 does not take: blocked for 32 registers. */
#define TFLM_SCALAR (TFLM_FAST && !TFLM_DSP)

#endif
