/* The shipped vibration models, in Node: the pipeline over the real signal processing and the real kernel. */
import { readFileSync } from "node:fs";
import type { Bearing } from "../../../firmware/agent/configuration.ts";
import { FaultClassifier } from "../../../firmware/agent/pipeline/classifier.ts";
import type { Detail } from "../../../firmware/agent/pipeline/stage.ts";
import { VibrationPipeline } from "../../../firmware/agent/pipeline/vibration.ts";
import type { Event, VibrationEvent } from "../../../firmware/agent/telemetry/event.ts";
import { type OrdersRecipe, Spectrum, type SpectrumRecipe } from "../../../host-sim/dsp.ts";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { readWav } from "../../../host-sim/world/wav.ts";

const folder = "models/vibration";
const card = JSON.parse(readFileSync(`${folder}/model.json`, "utf8")) as {
	recipe: SpectrumRecipe;
	decision: Record<string, unknown>;
	golden: { input: string; output: string }[];
	/** Of `cwru`: what training measured of each recording with a decision of its own in Python. */
	accuracy: { cwru: Record<string, { alarm_after_s: number; alarm_score: number }> };
};
export const { recipe, decision, golden, accuracy } = card;
export const faultCard = JSON.parse(readFileSync("models/fault/model.json", "utf8")) as {
	labels: string[];
	recipe: OrdersRecipe;
	decision: Record<string, unknown>;
	arena: number;
	golden: { input: string; output: string }[];
};

/** What the owner of a machine knows, as the device's configuration has it. */
export type Known = { shaft: number; bearing: Bearing; report?: Detail };

/** Samples of a mono 16-bit recording. */
export function samplesOf(path: string): Int16Array {
	const recording = readWav(readFileSync(path), path, "first");
	const values = new Float64Array(recording.length);
	recording.read(0, values);
	return Int16Array.from(values);
}

/** Signals one after the other. */
export function join(...parts: readonly Int16Array[]): Int16Array {
	const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** The kernel in the form of the native face: tensors as buffers of their own. */
export async function openModel(from = folder) {
	const kernel = await Interpreter.create(readFileSync(`${from}/model.tflite`));
	const [source, result] = [kernel.inputs[0]!, kernel.outputs[0]!];
	const input = new ArrayBuffer(source.bytes);
	const output = new ArrayBuffer(result.bytes);
	return {
		arenaBytes: kernel.arenaBytes,
		input: () => input,
		output: () => output,
		invoke() {
			source.data.set(new Int8Array(input) as never);
			kernel.invoke();
			new Int8Array(output).set(result.data as Int8Array);
		},
		close: () => kernel.close(),
	};
}

export class Machine {
	readonly events: Event[] = [];
	/** Baselines that were learned. */
	readonly learned: Uint8Array[] = [];
	readonly pipeline: VibrationPipeline;
	readonly #spectrum: Spectrum;

	private constructor(spectrum: Spectrum, pipeline: (learned: (bytes: Uint8Array) => void) => VibrationPipeline) {
		this.#spectrum = spectrum;
		this.pipeline = pipeline((bytes) => this.learned.push(bytes));
	}

	static async start(baseline?: Uint8Array, known?: Known): Promise<Machine> {
		const interpreter = await openModel();
		const orders = known && { ...faultCard.recipe, shaft: known.shaft, ...known.bearing };
		const spectrum = new Spectrum(recipe, orders, 8192);
		const { labels, decision: naming } = faultCard;
		const classifier = orders && {
			classifier: new FaultClassifier({
				...{ labels, decision: naming, recipe: orders, spectrum },
				interpreter: await openModel("models/fault"),
			}),
		};
		return new Machine(
			spectrum,
			(onLearned) =>
				new VibrationPipeline({
					...{ recipe, decision, spectrum, interpreter, fullScale: 16, onLearned },
					...(baseline && { baseline }),
					...classifier,
					...(known?.report && { detail: known.report }),
				}),
		);
	}

	/** The accelerometer gives samples in real time, the pipeline is polled at its period. */
	feel(samples: Int16Array): void {
		const step = Math.floor((this.pipeline.period * recipe.rate) / 1000);
		for (let at = 0; at < samples.length; at += step) {
			this.#spectrum.hear(samples.subarray(at, at + step));
			this.pipeline.poll((event) => this.events.push(event));
		}
	}

	/** Samples come while nobody looks. */
	miss(samples: Int16Array): void {
		this.#spectrum.hear(samples);
	}

	get states(): VibrationEvent[] {
		return this.events.filter((event) => event.type === "vibration");
	}
}
