import type { LogMelRecipe, SpectrumRecipe } from "./recipe.ts";

export type { LogMelRecipe, SpectrumRecipe };

/** Log-mel frames of the microphone's sound. Throws RangeError on a bad recipe and when the pool has no memory left. */
export class LogMel extends Native("xs_dsp_destructor") {
	constructor(recipe: LogMelRecipe) {
		super();
		native("xs_logmel_constructor").call(this, recipe);
	}
	/** Takes what the microphone's ring holds, up to the end of the `max`-th new frame; how many frames were completed. */
	pull(max?: number): number {
		return native("xs_dsp_pull").call(this, max);
	}
	/** Takes samples from a buffer of int16, little-endian, in place of the ring's; how many frames were completed. */
	push(samples: ArrayBuffer): number {
		return native("xs_dsp_push").call(this, samples);
	}
	/** Writes the newest `frames` frames of `bins` bytes, int8, oldest first; what was not heard yet is silence. */
	read(into: ArrayBuffer): void {
		native("xs_dsp_read").call(this, into);
	}
	/** Samples dropped so far because they were not pulled in time. No frame spans such a gap. */
	lost(): number {
		return native("xs_dsp_lost").call(this);
	}
	/** Samples since the start, lost ones included, at the end of the newest frame. */
	position(): number {
		return native("xs_dsp_position").call(this);
	}
	close(): void {
		native("xs_dsp_close").call(this);
	}
}

/** Spectra of the accelerometer's windows. Throws RangeError on a bad recipe and when the pool has no memory left. */
export class Spectrum extends Native("xs_dsp_destructor") {
	constructor(recipe: SpectrumRecipe) {
		super();
		native("xs_spectrum_constructor").call(this, recipe);
	}
	/** Takes what the accelerometer's ring holds, up to the end of the `max`-th new window; how many were completed. */
	pull(max?: number): number {
		return native("xs_dsp_pull").call(this, max);
	}
	/** Takes samples from a buffer of int16, little-endian, in place of the ring's; how many windows were completed. */
	push(samples: ArrayBuffer): number {
		return native("xs_dsp_push").call(this, samples);
	}
	/** Writes the last window's features, int8: bands, then the envelope's. */
	read(into: ArrayBuffer): void {
		native("xs_dsp_read").call(this, into);
	}
	/** Samples dropped so far because they were not pulled in time. No window spans such a gap. */
	lost(): number {
		return native("xs_dsp_lost").call(this);
	}
	/** Samples since the start, lost ones included, at the end of the last window. */
	position(): number {
		return native("xs_dsp_position").call(this);
	}
	/** Of the last window, around its mean, in counts. */
	rms(): number {
		return native("xs_spectrum_rms").call(this);
	}
	/** Pearson's: 3 for Gaussian noise, 1.5 for a sine, 0 for a constant. */
	kurtosis(): number {
		return native("xs_spectrum_kurtosis").call(this);
	}
	/** Peak / RMS, 0 for a constant. */
	crest(): number {
		return native("xs_spectrum_crest").call(this);
	}
	close(): void {
		native("xs_dsp_close").call(this);
	}
}
