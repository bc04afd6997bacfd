/*
 * What a sensor senses. Two forms: `Samples` is what a file holds, at the file's own rate and not yet rounded; `Signal` is
 * what the sensor's converter gives, 16 bits at the sensor's rate. Both are read by position, so nothing larger than the
 * file itself is ever held, and a twin that is rewound reads the same samples again.
 */

/** A recording at its own rate. Values are in steps of the 16-bit converter: full scale is -32768 to 32768. */
export interface Samples {
	/** Hz */
	readonly rate: number;
	/** samples */
	readonly length: number;
	/** Copies samples from position `start` on. Zeros before 0 and beyond the end. */
	read(start: number, to: Float64Array): void;
}

/** What a sensor gives over time: 16-bit samples at the sensor's rate. */
export interface Signal {
	/** Hz */
	readonly rate: number;
	/** samples */
	readonly length: number;
	/** Copies samples from position `start` on. Zeros before 0 and beyond the end. */
	read(start: number, to: Int16Array): void;
}

/** A recording with what its user should know about how it was read. */
export interface Recording extends Samples {
	readonly notes: readonly string[];
}

/** The part of a read of `count` from `start` that lies inside 0 to `length`: first position and one past the last. */
export function overlap(start: number, count: number, length: number): { from: number; end: number } {
	const from = Math.min(Math.max(start, 0), length);
	return { from, end: Math.max(from, Math.min(start + count, length)) };
}

/** Rounds to the nearest step and limits to what 16 bits hold. */
export function toInt16(value: number): number {
	return value >= 32767 ? 32767 : value <= -32768 ? -32768 : Math.round(value);
}

/** The recording with every sample multiplied by `gain`. */
export function amplified<Kind extends Samples>(source: Kind, gain: number): Kind {
	if (gain === 1) return source;
	return {
		...source,
		read(start: number, to: Float64Array) {
			source.read(start, to);
			for (let i = 0; i < to.length; i++) to[i]! *= gain;
		},
	};
}

/** The samples of a signal from position `from` up to `end`, both within it. */
export function slice(signal: Signal, from: number, end: number): Signal {
	return {
		rate: signal.rate,
		length: end - from,
		read(start, to) {
			to.fill(0);
			const part = overlap(start, to.length, end - from);
			if (part.end > part.from) signal.read(from + part.from, to.subarray(part.from - start, part.end - start));
		},
	};
}

/** Signals of one rate played in turn. */
export function concat(signals: readonly Signal[]): Signal {
	const [first] = signals;
	if (first === undefined) throw new RangeError("concat needs at least one signal");
	if (signals.some((signal) => signal.rate !== first.rate)) throw new RangeError("concat needs signals of one rate");
	if (signals.length === 1) return first;
	const starts: number[] = [];
	let length = 0;
	for (const signal of signals) {
		starts.push(length);
		length += signal.length;
	}
	return {
		rate: first.rate,
		length,
		read(start, to) {
			to.fill(0);
			signals.forEach((signal, i) => {
				const at = starts[i]!;
				const { from, end } = overlap(start - at, to.length, signal.length);
				if (end > from) signal.read(from, to.subarray(at + from - start, at + end - start));
			});
		},
	};
}
