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

/** Features in orders of the shaft: what a card of kind "fault" says under `recipe`. orders.h has the formulas. */
export interface OrdersRecipe {
	kind: "orders";
	/** Hz, that of the spectrum */
	rate: number;
	/** Hz, rising: of the three bands whose envelopes are looked at */
	edges: readonly [number, number, number, number];
	/** steps of the byte per octave */
	scale: number;
}

/** A machine: turns of its shaft a second, and the orders at which faults of its bearing are passed. */
export interface Turning {
	/** Hz, nominal */
	shaft: number;
	/** events per turn: outer ring, inner ring, spin of a ball, cage */
	bpfo: number;
	bpfi: number;
	bsf: number;
	ftf: number;
}
