/* Accelerometer -> Spectrum -> autoencoder -> how far the window is from this machine's own baseline -> state.
   The first windows make the baseline; if the machine changes while it is learned, as when it runs up, it is learned anew.
   A machine that stands still is neither learned nor judged. Where shaft and bearing are known, a classifier names what changed. */
import { Fault, messageOf } from "../fault.ts";
import { Baseline, Learning } from "../learn/baseline.ts";
import { fingerprintOf } from "../learn/fingerprint.ts";
import { Hysteresis, type HysteresisOptions } from "../learn/hysteresis.ts";
import { novelty, TIME_VALUES } from "../learn/novelty.ts";
import type { Emit, PipelineHealth, VibrationEvent, VibrationState } from "../telemetry/event.ts";
import type { FaultClassifier } from "./classifier.ts";
import { checkedNumber, type Detail, type Features, type Model, type Pipeline, rounded, seconds } from "./stage.ts";

/** The part of the card's `recipe` that script uses: samples a second, samples between windows, and the model's input. */
export type VibrationRecipe = { rate: number; hop: number; bands: number; envelope?: { bands: number } };

/** The card's `decision`. */
export type VibrationDecision = HysteresisOptions & {
	/** Windows that make the baseline. */
	learn: number;
	/** g: below this RMS the machine stands still. */
	idle: number;
	/** The smallest deviations that count as one: of bytes of features, and of log2 of the others. */
	floors: { features: number; rms: number; kurtosis: number; crest: number };
};

/** What the pipeline uses of the native `Spectrum`: RMS in counts. */
export interface VibrationFeatures extends Features {
	rms(): number;
	kurtosis(): number;
	crest(): number;
}

export type VibrationOptions = {
	recipe: VibrationRecipe;
	/** The card's `decision`, checked here. */
	decision: Readonly<Record<string, unknown>>;
	spectrum: VibrationFeatures;
	interpreter: Model;
	/** Names faults; none where shaft or bearing are not known. */
	classifier?: FaultClassifier | undefined;
	/** "windows": an event for every window that is judged or learned. */
	detail?: Detail | undefined;
	/** g at the largest sample. */
	fullScale: number;
	/** What `onLearned` was once given. When it does not fit, the machine is learned anew and an error event says so. */
	baseline?: Uint8Array;
	/** Takes the bytes of a baseline that is complete, to keep them over a restart. What it throws becomes an error event. */
	onLearned?: (baseline: Uint8Array) => void;
};

/** One window is due a poll; a second catches up after a delay. More would keep the other pipeline waiting. */
const WINDOWS_PER_POLL = 2;
const COUNTS = 32768;

/** Logarithms of statistics, which are 0 for a constant signal, stay finite. */
const SMALLEST = 1 / 1024;

export class VibrationPipeline implements Pipeline {
	readonly name = "vibration";
	readonly period: number;
	readonly #rate: number;
	readonly #bands: number;
	readonly #decision: VibrationDecision;
	readonly #spectrum: VibrationFeatures;
	readonly #interpreter: Model;
	readonly #classifier: FaultClassifier | undefined;
	readonly #everyWindow: boolean;
	readonly #input: ArrayBuffer;
	readonly #given: Int8Array;
	readonly #rebuilt: Int8Array;
	/** g a count. */
	readonly #unit: number;
	/** Of the window: features, what the model missed of them, log2 of RMS, kurtosis and crest factor. */
	readonly #values: Float32Array;
	readonly #hysteresis: Hysteresis;
	readonly #onLearned: ((baseline: Uint8Array) => void) | undefined;
	readonly #fingerprint: number;
	#baseline: Baseline;
	/** Until the baseline is complete. */
	#learning: Learning | undefined;
	/** Windows in a row, while learning, that do not fit those before. */
	#odd = 0;
	/** What the last event said, state and fault. */
	#said: VibrationState | undefined;
	#named: string | undefined;
	/** To be reported with the next event. */
	#fault: Fault | undefined;
	#windows = 0;
	#lost = 0;
	#overruns = 0;

	/**
	 * Takes over `spectrum`, `interpreter` and `classifier`, to close them.
	 * @throws Fault `model-shape` when the model does not fit the recipe, `decision-invalid` when the decision is no such
	 */
	constructor(options: VibrationOptions) {
		const { recipe, decision, spectrum, interpreter, classifier, detail, fullScale, baseline, onLearned } = options;
		this.period = (recipe.hop * 1000) / recipe.rate;
		this.#rate = recipe.rate;
		this.#bands = recipe.bands;
		this.#spectrum = spectrum;
		this.#interpreter = interpreter;
		this.#classifier = classifier;
		this.#everyWindow = detail === "windows";
		this.#unit = fullScale / COUNTS;
		this.#onLearned = onLearned;
		try {
			this.#decision = checkedDecision(decision);
			this.#hysteresis = new Hysteresis(this.#decision);
			this.#input = interpreter.input(0);
			this.#given = new Int8Array(this.#input);
			this.#rebuilt = new Int8Array(interpreter.output(0));
			const features = recipe.bands + (recipe.envelope?.bands ?? 0);
			for (const [what, bytes] of [["takes", this.#given.length] as const, ["gives", this.#rebuilt.length] as const])
				if (bytes !== features)
					throw new Fault(
						"model-shape",
						`vibration.tflite ${what} ${bytes} bytes, the card's recipe makes ${features}: take model and card from the same package`,
					);
			this.#values = new Float32Array(2 * features + TIME_VALUES);
			this.#fingerprint = fingerprintOf(recipe, this.#given, this.#rebuilt, () => interpreter.invoke());
			const restored = baseline && this.#restore(baseline);
			this.#learning = restored ? undefined : new Learning(this.#floors(features));
			this.#baseline = restored ?? this.#learning!.baseline;
		} catch (thrown) {
			this.close();
			throw thrown;
		}
	}

	/** What the machine's state is, as far as it is known. */
	get state(): VibrationState {
		return this.#learning ? "learning" : this.#hysteresis.state;
	}

	poll(emit: Emit): void {
		for (let window = 0; window < WINDOWS_PER_POLL; window++) {
			const complete = this.#spectrum.pull(1);
			this.#noticeGap();
			if (complete === 0) return;
			this.#windows++;
			this.#judge(emit);
		}
	}

	health(): PipelineHealth {
		return { windows: this.#windows, lost: this.#lost, overruns: this.#overruns };
	}

	close(): void {
		this.#spectrum.close();
		this.#interpreter.close();
		this.#classifier?.close();
	}

	#judge(emit: Emit): void {
		const rms = this.#spectrum.rms();
		if (rms * this.#unit < this.#decision.idle) {
			this.#interrupt();
			return;
		}
		this.#measure(rms);
		const learning = this.#learning;
		const news = this.#classifier?.look() === true;
		const judged = news && !learning && this.#classifier?.learned === true;
		if (judged) this.#classifier?.classify();
		const score = learning ? this.#learn(learning) : this.#score();
		if (!learning) this.#hysteresis.decide(score);
		const state = this.state;
		this.#keepUp(news, judged, learning !== undefined || (state === "normal" && score < this.#decision.warning));
		const named = state === "warning" || state === "alarm" ? this.#classifier?.name() : undefined;
		const t = seconds(this.#spectrum.position(), this.#rate);
		if (this.#fault) {
			emit({ t, type: "error", code: this.#fault.code, message: this.#fault.message });
			this.#fault = undefined;
		}
		if (state === this.#said && named?.fault === this.#named && !this.#everyWindow) return;
		this.#said = state;
		this.#named = named?.fault;
		const features = {
			rms: rounded(rms * this.#unit),
			kurtosis: rounded(this.#spectrum.kurtosis()),
			crest: rounded(this.#spectrum.crest()),
		};
		const event: VibrationEvent = { t, type: "vibration", state, score: rounded(score), ...named, features };
		if (judged && this.#everyWindow) event.faults = this.#classifier!.posteriors();
		emit(event);
	}

	/** What the classifier makes of a window when it is known whether the machine is as usual. */
	#keepUp(news: boolean, judged: boolean, usual: boolean): void {
		const classifier = this.#classifier;
		if (!classifier) return;
		if (usual) classifier.forget();
		else if (judged) classifier.count();
		if (!news || judged || !usual || (classifier.learned && !this.#learning)) return;
		classifier.learn();
		if (classifier.learned && !this.#learning) this.#store();
	}

	/** Fills `values` from the window that the spectrum has completed. */
	#measure(rms: number): void {
		const values = this.#values;
		const given = this.#given;
		const rebuilt = this.#rebuilt;
		const features = given.length;
		this.#spectrum.read(this.#input);
		// Kept before the model runs: the arena may use its input's place again.
		for (let i = 0; i < features; i++) values[i] = given[i]!;
		this.#interpreter.invoke();
		for (let i = 0; i < features; i++) values[features + i] = values[i]! - rebuilt[i]!;
		values[2 * features] = Math.log2(Math.max(rms, SMALLEST));
		values[2 * features + 1] = Math.log2(Math.max(this.#spectrum.kurtosis(), SMALLEST));
		values[2 * features + 2] = Math.log2(Math.max(this.#spectrum.crest(), SMALLEST));
	}

	/** How far the window is from what is usual; the classifier, where there is one, raises or lowers it a little. */
	#score(): number {
		const score = novelty(this.#values, this.#baseline, this.#bands);
		return Math.max(0, score + (this.#classifier?.vote ?? 0));
	}

	/** Adds the window to the baseline; its score against the windows before, 0 while they are too few. */
	#learn(learning: Learning): number {
		const { learn, warning, raise } = this.#decision;
		const score = 2 * learning.count >= learn ? this.#score() : 0;
		this.#odd = score >= warning ? this.#odd + 1 : 0;
		if (this.#odd === raise) {
			this.#odd = 0;
			learning.restart();
			this.#classifier?.restart();
		}
		learning.add(this.#values);
		if (learning.count < learn) return score;
		this.#learning = undefined;
		this.#store();
		return score;
	}

	/** Gives out the baseline, and behind it what the classifier has learned, as far as it has. */
	#store(): void {
		const classifier = this.#classifier?.learned ? this.#classifier : undefined;
		const bytes = this.#baseline.toBytes(this.#fingerprint, classifier?.bytes);
		classifier?.write(bytes.subarray(bytes.length - classifier.bytes));
		try {
			this.#onLearned?.(bytes);
		} catch (thrown) {
			this.#fault = new Fault(
				"baseline-not-stored",
				`vibration: the baseline was learned but not stored (${messageOf(thrown)}): a restart learns the machine anew`,
			);
		}
	}

	#restore(bytes: Uint8Array): Baseline | undefined {
		try {
			const end = Math.min(Baseline.bytesOf(this.#values.length), bytes.length);
			const restored = Baseline.fromBytes(bytes.subarray(0, end), this.#values.length, this.#fingerprint);
			if (bytes.length > end) this.#classifier?.restore(bytes.subarray(end));
			return restored;
		} catch (thrown) {
			if (!(thrown instanceof Fault)) throw thrown;
			this.#fault = new Fault(thrown.code, `vibration: ${thrown.message}: the machine is learned anew`);
			return undefined;
		}
	}

	#floors(features: number): Float32Array {
		const { floors } = this.#decision;
		const all = new Float32Array(this.#values.length).fill(floors.features);
		all[2 * features] = floors.rms;
		all[2 * features + 1] = floors.kurtosis;
		all[2 * features + 2] = floors.crest;
		return all;
	}

	/** Samples were dropped since the last look: what was true of the windows before says nothing about the next. */
	#noticeGap(): void {
		const lost = this.#spectrum.lost();
		if (lost === this.#lost) return;
		this.#lost = lost;
		this.#overruns++;
		this.#interrupt();
	}

	#interrupt(): void {
		this.#odd = 0;
		this.#hysteresis.interrupt();
		this.#classifier?.interrupt();
	}
}

/** The decision of a card, or a Fault `decision-invalid` that names the key and what it should be. */
export function checkedDecision(card: Readonly<Record<string, unknown>>): VibrationDecision {
	const number = (from: Readonly<Record<string, unknown>>, key: string, least: number, whole: boolean) =>
		checkedNumber("vibration", from, key, least, whole);
	const floors = (card.floors ?? {}) as Readonly<Record<string, unknown>>;
	const decision = {
		learn: number(card, "learn", 2, true),
		warning: number(card, "warning", 0, false),
		alarm: number(card, "alarm", 0, false),
		raise: number(card, "raise", 1, true),
		clear: number(card, "clear", 1, true),
		idle: number(card, "idle", 0, false),
		floors: {
			features: number(floors, "features", 0.001, false),
			rms: number(floors, "rms", 0.001, false),
			kurtosis: number(floors, "kurtosis", 0.001, false),
			crest: number(floors, "crest", 0.001, false),
		},
	};
	if (decision.alarm < decision.warning)
		throw new Fault(
			"decision-invalid",
			`vibration.json: decision alarm is ${decision.alarm}, should be at least warning, ${decision.warning}`,
		);
	return decision;
}
