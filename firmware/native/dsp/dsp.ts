/** Features of sound: what a card of kind "keyword" says under `recipe`. logmel.h has the formula. */
export interface LogMelRecipe {
	kind: "logmel";
	/** Hz */
	rate: number;
	/** samples, 32..4096 */
	window: number;
	/** samples, 1..window */
	hop: number;
	/** mel filters, 1..128 */
	bins: number;
	/** Hz: where the first filter rises and where the last one ends, at most rate / 2 */
	low: number;
	high: number;
	/** frames that read() gives */
	frames: number;
	/** pre-emphasis, 0..1; none if absent */
	emphasis?: number;
	/** byte = scale * log2(energy in counts^2) + offset */
	scale: number;
	offset: number;
}

/** Features of vibration: what a card of kind "vibration" says under `recipe`. spectrum.h has the formulas. */
export interface SpectrumRecipe {
	kind: "spectrum";
	/** Hz */
	rate: number;
	/** samples, a power of two 64..4096 */
	window: number;
	/** samples, 1..window */
	hop: number;
	/** 1..128 bands from low to high, in Hz */
	bands: number;
	low: number;
	high: number;
	/** of the bands' edges; "linear" if absent */
	spacing?: "linear" | "log" | "mel";
	/** "relative": less the mean of the bands; "absolute" if absent */
	level?: "absolute" | "relative";
	/** byte = scale * log2(energy) + offset */
	scale: number;
	offset: number;
	/** The spectrum of the envelope of the band low..high, in `bands` bands up to `top`, in Hz; none if absent. */
	envelope?: { bands: number; low: number; high: number; top: number; scale: number; offset: number };
}

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
