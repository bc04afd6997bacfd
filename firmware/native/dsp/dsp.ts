import type { LogMelRecipe, OrdersRecipe, SpectrumRecipe, Turning } from "./recipe.ts";

export type { LogMelRecipe, OrdersRecipe, SpectrumRecipe, Turning };

/** What the features of both sensors have in common: samples come in, frames or windows are completed. */
class Features extends Native("xs_dsp_destructor") {
	/** Takes what the sensor's ring holds, up to the end of the `max`-th new frame or window; how many were completed. */
	pull(max?: number): number {
		return native("xs_dsp_pull").call(this, max);
	}
	/** Takes samples from a buffer of int16, little-endian, in place of the ring's; how many were completed. */
	push(samples: ArrayBuffer): number {
		return native("xs_dsp_push").call(this, samples);
	}
	/** Writes the features, int8: see the classes below. The buffer is of exactly their size. */
	read(into: ArrayBuffer): void {
		native("xs_dsp_read").call(this, into);
	}
	/** Samples dropped so far because they were not pulled in time. No frame or window spans such a gap. */
	lost(): number {
		return native("xs_dsp_lost").call(this);
	}
	/** Samples since the start, lost ones included, at the end of the newest frame or window. */
	position(): number {
		return native("xs_dsp_position").call(this);
	}
	close(): void {
		native("xs_dsp_close").call(this);
	}
}

/**
 * Log-mel frames of the microphone's sound. `read` writes the newest `frames` frames of `bins` bytes, oldest first; what was
 * not heard yet is silence. Throws RangeError on a bad recipe and when the pool has no memory left.
 */
export class LogMel extends Features {
	constructor(recipe: LogMelRecipe) {
		super();
		native("xs_logmel_constructor").call(this, recipe);
	}
}

/**
 * Spectra of the accelerometer's windows. `read` writes the last window's bands, then its envelope's. With `orders`, also what
 * a fault classifier looks at, over windows of about 32 turns of the shaft. Throws RangeError on a bad recipe and when the pool
 * has no memory left.
 */
export class Spectrum extends Features {
	constructor(recipe: SpectrumRecipe, orders?: OrdersRecipe & Turning) {
		super();
		native("xs_spectrum_constructor").call(this, recipe, orders);
	}
	/**
	 * Writes the 124 features in orders of the window that has been completed since the last call, int8; false if none has.
	 * To be called after `pull` said that a window of the spectrum is complete: they share memory.
	 */
	orders(into: ArrayBuffer): boolean {
		return native("xs_spectrum_orders").call(this, into);
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
}
