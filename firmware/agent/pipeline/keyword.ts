/* Microphone -> LogMel -> model -> posteriors -> keyword. Every `stride` frames the model sees the newest `frames` frames,
   whenever script gets to it; frames that are never looked at are dropped by the ring in C, which counts them. */
import { Fault } from "../fault.ts";
import type { Emit, PipelineHealth } from "../telemetry/event.ts";
import { Posteriors, type PosteriorsOptions, posteriorsText } from "./posteriors.ts";
import { type Detail, type Features, type Model, type Pipeline, rounded, seconds } from "./stage.ts";

/** The part of the card's `recipe` that script uses: samples a second, samples between frames, and the model's input. */
export type KeywordRecipe = { rate: number; hop: number; frames: number; bins: number };

export type KeywordDecision = Omit<PosteriorsOptions, "labels"> & {
	/** Frames between two runs of the model. */
	stride: number;
};

export type KeywordOptions = {
	labels: readonly string[];
	recipe: KeywordRecipe;
	decision: KeywordDecision;
	mel: Features;
	interpreter: Model;
	/** With "windows" each window's posteriors become an event too. */
	detail?: Detail | undefined;
};

/** One run is due a poll; a second catches up after a delay. More would keep the other pipeline waiting. */
const RUNS_PER_POLL = 2;

export class KeywordPipeline implements Pipeline {
	readonly name = "keyword";
	readonly period: number;
	readonly #rate: number;
	readonly #stride: number;
	readonly #mel: Features;
	readonly #interpreter: Model;
	readonly #input: ArrayBuffer;
	readonly #output: Int8Array;
	readonly #posteriors: Posteriors;
	readonly #detail: Detail | undefined;
	/** Frames until the model runs again. */
	#due: number;
	#windows = 0;
	#lost = 0;
	#overruns = 0;

	/** Takes over `mel` and `interpreter`, to close them. Throws a Fault `model-shape` when the model does not fit recipe and labels. */
	constructor({ labels, recipe, decision, mel, interpreter, detail }: KeywordOptions) {
		this.period = (decision.stride * recipe.hop * 1000) / recipe.rate;
		this.#rate = recipe.rate;
		this.#stride = decision.stride;
		this.#due = decision.stride;
		this.#mel = mel;
		this.#interpreter = interpreter;
		this.#input = interpreter.input(0);
		this.#output = new Int8Array(interpreter.output(0));
		this.#posteriors = new Posteriors({ labels, ...decision });
		this.#detail = detail;
		const features = recipe.frames * recipe.bins;
		if (this.#input.byteLength !== features)
			this.#refuse(`takes ${this.#input.byteLength} bytes, the card's recipe makes ${features}`);
		if (this.#output.length !== labels.length)
			this.#refuse(`gives ${this.#output.length} posteriors, the card has ${labels.length} labels`);
	}

	poll(emit: Emit): void {
		for (let run = 0; run < RUNS_PER_POLL; run++) {
			this.#due -= this.#mel.pull(this.#due);
			this.#noticeGap();
			if (this.#due > 0) return;
			this.#due = this.#stride;
			this.#mel.read(this.#input);
			this.#interpreter.invoke();
			this.#windows++;
			const t = seconds(this.#mel.position(), this.#rate);
			if (this.#detail === "windows") emit({ t, type: "posteriors", posteriors: posteriorsText(this.#output) });
			const label = this.#posteriors.decide(this.#output, t);
			if (label !== undefined) emit({ t, type: "keyword", label, score: rounded(this.#posteriors.score) });
		}
	}

	health(): PipelineHealth {
		return { windows: this.#windows, lost: this.#lost, overruns: this.#overruns };
	}

	close(): void {
		this.#mel.close();
		this.#interpreter.close();
	}

	#refuse(what: string): never {
		this.close();
		throw new Fault("model-shape", `keyword.tflite ${what}: take model and card from the same package`);
	}

	/** Samples were dropped since the last look: posteriors from before say nothing about what comes now. */
	#noticeGap(): void {
		const lost = this.#mel.lost();
		if (lost === this.#lost) return;
		this.#lost = lost;
		this.#overruns++;
		this.#posteriors.restart();
	}
}
