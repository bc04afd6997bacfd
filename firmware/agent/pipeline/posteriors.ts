/* From posteriors to a decision. A word stands in the model's sliding window for many runs: the mean of the last few
   posteriors must reach a threshold, once; then nothing is heard for the refractory time, and the same word only after
   its mean fell below the threshold again. So one word gives one event, however long it lasts.

   A command is said alone. In running speech any syllable may sound as a keyword, dozens of times an hour; but there the
   model hears no silence for seconds. So a keyword counts only when there was silence a moment before it, or a keyword that
   counted. */

export type PosteriorsOptions = {
	labels: readonly string[];
	/** Runs of the model in the mean, 1 or more. Runs that have not been made yet count as 0. */
	smoothing: number;
	/** Smallest mean posterior of a decision, above 0 to 1. */
	threshold: number;
	/** Thresholds of single labels, instead of `threshold`. */
	thresholds?: Readonly<Record<string, number>> | undefined;
	/** Seconds after a decision in which there is no other. */
	refractory: number;
	/** Runs of the model within which there must have been silence or a decision; 0: keywords count in running speech too. */
	pause?: number | undefined;
	/** Smallest posterior of silence that is one, above 0 to 1. */
	quiet?: number | undefined;
};

/** int8 outputs of SOFTMAX have this quantization in every .tflite: scale 1/256, zero point -128. */
const STEPS = 256;
const LEAST = -128;

const DIGITS = "0123456789abcdef";

/** The model's int8 output as text: for each label two hexadecimal digits, the posterior in steps of 1/256. */
export function posteriorsText(output: Int8Array): string {
	let text = "";
	for (let label = 0; label < output.length; label++) {
		const posterior = output[label]! - LEAST;
		text += DIGITS[posterior >> 4]! + DIGITS[posterior & 15]!;
	}
	return text;
}

/** The output that a text of `posteriorsText` stands for. */
export function outputOf(text: string): Int8Array {
	const output = new Int8Array(text.length / 2);
	for (let label = 0; label < output.length; label++)
		output[label] = Number.parseInt(text.slice(2 * label, 2 * label + 2), 16) + LEAST;
	return output;
}

export class Posteriors {
	readonly #labels: readonly string[];
	readonly #smoothing: number;
	readonly #refractory: number;
	/** Per label, the sum over the window that decides; Infinity for labels that are no keyword. */
	readonly #needed: number[] = [];
	readonly #window: Uint8Array;
	readonly #sums: Uint16Array;
	readonly #pause: number;
	/** The label that is silence, and the least output that means it. */
	readonly #silence: number;
	readonly #quiet: number;
	/** Runs since silence; a device is switched on in silence. */
	#sinceSilence = 0;
	#oldest = 0;
	#quietUntil = Number.NEGATIVE_INFINITY;
	#decided = -1;
	#score = 0;

	constructor({ labels, smoothing, threshold, thresholds, refractory, pause = 0, quiet = 0.5 }: PosteriorsOptions) {
		this.#labels = labels;
		this.#smoothing = smoothing;
		this.#refractory = refractory;
		this.#pause = pause > 0 && labels.includes("silence") ? pause : Number.POSITIVE_INFINITY;
		this.#silence = labels.indexOf("silence");
		this.#quiet = quiet * STEPS + LEAST;
		for (const label of labels) {
			const least = label === "silence" || label === "unknown" ? Infinity : (thresholds?.[label] ?? threshold);
			this.#needed.push(least * STEPS * smoothing);
		}
		this.#window = new Uint8Array(smoothing * labels.length);
		this.#sums = new Uint16Array(labels.length);
	}

	/** The mean posterior of the last decision, 0 to 1. */
	get score(): number {
		return this.#score;
	}

	/** Takes the model's int8 output at stream time `t` in seconds; the keyword that it decides, if any. */
	decide(output: Int8Array, t: number): string | undefined {
		const sums = this.#sums;
		const window = this.#window;
		let best = -1;
		for (let label = 0; label < sums.length; label++) {
			const place = this.#oldest + label;
			const posterior = output[label]! - LEAST;
			const sum = sums[label]! + posterior - window[place]!;
			sums[label] = sum;
			window[place] = posterior;
			if (sum < this.#needed[label]!) {
				if (this.#decided === label) this.#decided = -1;
			} else if (best < 0 || sum > sums[best]!) best = label;
		}
		this.#oldest = (this.#oldest + sums.length) % window.length;
		const alone = this.#decided >= 0 || output[this.#silence]! >= this.#quiet;
		this.#sinceSilence = alone ? 0 : this.#sinceSilence + 1;
		if (this.#sinceSilence > this.#pause) return undefined;
		if (best < 0 || best === this.#decided || t < this.#quietUntil) return undefined;
		this.#decided = best;
		this.#quietUntil = t + this.#refractory;
		this.#score = sums[best]! / (STEPS * this.#smoothing);
		return this.#labels[best];
	}

	/** Forgets the posteriors, as after a gap in the stream; the refractory time goes on, and nobody knows of silence. */
	restart(): void {
		this.#window.fill(0);
		this.#sums.fill(0);
		this.#oldest = 0;
		this.#decided = -1;
		this.#sinceSilence = this.#pause;
	}
}
