/* Orders of the shaft -> fault classifier -> the fault's name. The model is given what a window's orders are and how far they
   have moved since the machine was well. Windows of a changed machine add up: the sum of the logarithms of their posteriors,
   older ones weighing less, names the fault. */
import { Fault } from "../fault.ts";
import { fingerprintOf } from "../learn/fingerprint.ts";
import { Means } from "../learn/means.ts";
import type { FaultName } from "../telemetry/event.ts";
import { checkedNumber, type Model, rounded } from "./stage.ts";

/** The card's `decision`. */
export type ClassifierDecision = {
	/** Windows that make the means. */
	learn: number;
	/** The weight of the windows before when another comes, 0 to 1. */
	keep: number;
	/** What sums of logarithms are multiplied by: windows are not independent of each other. */
	sharpness: number;
	/** What the score of a window rises when a fault is e times as likely as none. */
	vote: number;
	/** Smallest posterior, summed up and among faults alone, of a name. */
	confidence: number;
	/** Of a step of the model's output. */
	logit: number;
};

/** A window alone is never surer than this, as a logarithm: e^3 is 20 to 1. */
const MOST_ODDS = 3;
const SMALLEST = 1e-6;

/** Windows overlap by half: so many after an interruption reach back behind it. */
const OVERLAPPING = 2;

/** What the classifier uses of the native `Spectrum`. */
export interface OrdersFeatures {
	/** Writes the features of a window that is new; false if there is none. */
	orders(into: ArrayBuffer): boolean;
}

export type ClassifierOptions = {
	/** FaultName of each output, "normal" first. */
	labels: readonly string[];
	/** The card's `decision`, checked here. */
	decision: Readonly<Record<string, unknown>>;
	/** What the orders that were learned depend on: the card's recipe and the bearing. */
	recipe: object;
	spectrum: OrdersFeatures;
	interpreter: Model;
};

export class FaultClassifier {
	readonly #labels: readonly FaultName[];
	readonly #decision: ClassifierDecision;
	readonly #spectrum: OrdersFeatures;
	readonly #interpreter: Model;
	readonly #input: Int8Array;
	readonly #output: Int8Array;
	readonly #window: Int8Array;
	readonly #fingerprint: number;
	readonly #means: Means;
	/** Logarithms of the posteriors of the last window, and their sums over windows. */
	readonly #logs: Float32Array;
	readonly #sums: Float32Array;
	/** Windows in the sums. */
	#summed = 0;
	/** Logarithm of how much likelier a fault is than none, within MOST_ODDS, over the last windows. */
	#odds = 0;
	/** Windows to come that are not to be looked at. */
	#skipped = 0;

	/**
	 * Takes over `interpreter`, to close it.
	 * @throws Fault `model-shape` when model and labels do not fit, `decision-invalid` when the decision is no such
	 */
	constructor({ labels, decision, recipe, spectrum, interpreter }: ClassifierOptions) {
		this.#spectrum = spectrum;
		this.#interpreter = interpreter;
		try {
			this.#labels = labels as readonly FaultName[];
			this.#decision = {
				learn: checkedNumber("fault", decision, "learn", 1, true),
				vote: checkedNumber("fault", decision, "vote", 0, false),
				keep: checkedNumber("fault", decision, "keep", 0, false),
				sharpness: checkedNumber("fault", decision, "sharpness", 0, false),
				confidence: checkedNumber("fault", decision, "confidence", 0, false),
				logit: checkedNumber("fault", decision, "logit", 0, false),
			};
			this.#input = new Int8Array(interpreter.input(0));
			this.#output = new Int8Array(interpreter.output(0));
			if (this.#output.length !== labels.length || this.#input.length % 2 !== 0 || labels[0] !== "normal")
				throw new Fault(
					"model-shape",
					`fault.tflite takes ${this.#input.length} bytes and gives ${this.#output.length}, its card has ${labels.length} labels from ${labels[0]} on: take model and card from the same package`,
				);
			this.#window = new Int8Array(this.#input.length / 2);
			this.#means = new Means(this.#window.length);
			this.#logs = new Float32Array(labels.length);
			this.#sums = new Float32Array(labels.length);
			this.#fingerprint = fingerprintOf(recipe, this.#input, this.#output, () => interpreter.invoke());
		} catch (thrown) {
			interpreter.close();
			throw thrown;
		}
	}

	/** Whether it knows what is usual, and can name what is not. */
	get learned(): boolean {
		return this.#means.count >= this.#decision.learn;
	}

	/** Whether the features of a window came that is new since the last call. */
	look(): boolean {
		if (!this.#spectrum.orders(this.#window.buffer as ArrayBuffer)) return false;
		if (this.#skipped === 0) return true;
		this.#skipped--;
		return false;
	}

	/** The windows to come do not follow on those before: those that reach back are left out. */
	interrupt(): void {
		this.#skipped = OVERLAPPING;
		this.#odds = 0;
	}

	/** Takes the window for what is usual. */
	learn(): void {
		this.#means.add(this.#window);
	}

	/** Forgets what is usual. */
	restart(): void {
		this.#means.restart();
		this.forget();
	}

	/** Bytes of `write`. */
	get bytes(): number {
		return this.#means.bytes;
	}

	/** Writes what is usual, to keep over a restart. */
	write(bytes: Uint8Array): void {
		this.#means.write(bytes, this.#fingerprint);
	}

	/** Takes back what `write` wrote; what does not fit, as after a change of the configuration, is learned anew. */
	restore(bytes: Uint8Array): void {
		this.#means.restore(bytes, this.#fingerprint);
	}

	/** Runs the model on the window. */
	classify(): void {
		const window = this.#window;
		const usual = this.#means.values;
		const size = window.length;
		for (let i = 0; i < size; i++) {
			this.#input[i] = window[i]!;
			const moved = Math.floor(window[i]! - usual[i]! + 0.5);
			this.#input[size + i] = Math.max(-128, Math.min(127, moved));
		}
		this.#interpreter.invoke();
		const logs = this.#logs;
		for (let i = 0; i < logs.length; i++) logs[i] = this.#output[i]! * this.#decision.logit;
		const total = logSum(logs);
		for (let i = 0; i < logs.length; i++) logs[i]! -= total;
		const sound = logs[0]!;
		const odds = Math.log(Math.max(1 - Math.exp(sound), SMALLEST)) - sound;
		this.#odds = (this.#odds + Math.max(-MOST_ODDS, Math.min(MOST_ODDS, odds))) / 2;
	}

	/** What the last windows add to the score of a window, or take from it. */
	get vote(): number {
		return this.learned ? this.#odds * this.#decision.vote : 0;
	}

	/** Lets the last window count for the name. */
	count(): void {
		const { keep } = this.#decision;
		for (let i = 0; i < this.#sums.length; i++) this.#sums[i] = this.#sums[i]! * keep + this.#logs[i]!;
		this.#summed++;
	}

	/** The machine is well again: what was counted is no longer of use. */
	forget(): void {
		this.#summed = 0;
		this.#sums.fill(0);
	}

	/** The last window's posteriors, by label. */
	posteriors(): Partial<Record<FaultName, number>> {
		const faults: Partial<Record<FaultName, number>> = {};
		for (let i = 0; i < this.#labels.length; i++) faults[this.#labels[i]!] = rounded(Math.exp(this.#logs[i]!));
		return faults;
	}

	/** The fault that the counted windows speak for, if they do so clearly enough. */
	name(): { fault: FaultName; confidence: number } | undefined {
		if (this.#summed === 0) return undefined;
		const { sharpness, confidence: least } = this.#decision;
		const sums = this.#sums;
		let best = 1;
		for (let i = 2; i < sums.length; i++) if (sums[i]! > sums[best]!) best = i;
		let others = 0;
		for (let i = 1; i < sums.length; i++) others += Math.exp(sharpness * (sums[i]! - sums[best]!));
		const confidence = 1 / others;
		return confidence < least ? undefined : { fault: this.#labels[best]!, confidence: rounded(confidence) };
	}

	close(): void {
		this.#interpreter.close();
	}
}

/** log of the sum of the exponentials. */
function logSum(values: Float32Array): number {
	let most = values[0]!;
	for (let i = 1; i < values.length; i++) most = Math.max(most, values[i]!);
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - most);
	return most + Math.log(sum);
}
