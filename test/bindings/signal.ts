/* LogMel, Spectrum and Interpreter in Node: the same C as on the device, built as wasm, between signals that play on the
   clock of `timer` and the native faces. */

import type { LogMelRecipe, OrdersRecipe, SpectrumRecipe, Turning } from "../../firmware/native/dsp/recipe.ts";
import { LogMel, Spectrum } from "../../host-sim/dsp.ts";
import { Interpreter } from "../../host-sim/tflite-micro-wasm/index.ts";
import type { Signal } from "../../host-sim/world/signal.ts";
import board from "../../manifests/wasm/board.json" with { type: "json" };
import { buildDsp } from "../../tools/build/dsp.ts";
import { buildKernel } from "../../tools/build/kernel.ts";
import { now } from "./timer.ts";

type Extractor = { features: LogMel | Spectrum; signal: Signal; heard: number };
type Tensors = { interpreter: Interpreter; given: ArrayBuffer; result: ArrayBuffer };

const SILENCE: Signal = { rate: 0, length: 0, read: (_, to) => to.fill(0) };

export async function buildSignal(): Promise<void> {
	await buildDsp();
	await buildKernel();
}

/** What binds the native functions to the C; the .tflite files that the device may open are given beforehand. */
export async function signalNatives(models: Uint8Array[], sensors: { audio?: Signal; acceleration?: Signal }) {
	const interpreters = await Promise.all(
		models.map(async (bytes) => ({ bytes: Buffer.from(bytes), interpreter: await Interpreter.create(bytes) })),
	);

	/** Puts what came since the last look into the ring, as the sensor's driver does. */
	function hear(extractor: Extractor): void {
		const until = Math.floor((now * extractor.signal.rate) / 1000);
		const samples = new Int16Array(until - extractor.heard);
		extractor.signal.read(extractor.heard, samples);
		extractor.heard = until;
		extractor.features.hear(samples);
	}

	return {
		xs_logmel_constructor(this: Extractor, recipe: LogMelRecipe) {
			const signal = sensors.audio ?? { ...SILENCE, rate: board.sensors.audio.rate };
			Object.assign(this, { features: new LogMel(recipe, board.sensors.audio.ring), signal, heard: 0 });
		},
		xs_spectrum_constructor(this: Extractor, recipe: SpectrumRecipe, orders?: OrdersRecipe & Turning) {
			const signal = sensors.acceleration ?? { ...SILENCE, rate: board.sensors.acceleration.rate };
			Object.assign(this, {
				features: new Spectrum(recipe, orders, board.sensors.acceleration.ring),
				signal,
				heard: 0,
			});
		},
		xs_dsp_pull(this: Extractor, max?: number) {
			hear(this);
			return this.features.pull(max);
		},
		xs_dsp_read(this: Extractor, into: ArrayBuffer) {
			this.features.read(into);
		},
		xs_dsp_lost(this: Extractor) {
			return this.features.lost();
		},
		xs_dsp_position(this: Extractor) {
			return this.features.position();
		},
		xs_spectrum_orders(this: { features: Spectrum }, into: ArrayBuffer) {
			return this.features.orders(into);
		},
		xs_spectrum_rms(this: { features: Spectrum }) {
			return this.features.rms();
		},
		xs_spectrum_kurtosis(this: { features: Spectrum }) {
			return this.features.kurtosis();
		},
		xs_spectrum_crest(this: { features: Spectrum }) {
			return this.features.crest();
		},
		xs_dsp_close: () => {},
		xs_tflm_constructor(this: Tensors, { model, arena }: { model: ArrayBuffer; arena: number }) {
			const found = interpreters.find(({ bytes }) => bytes.equals(new Uint8Array(model)));
			if (!found) throw new Error("xs_tflm_constructor: this model was not given to signalNatives");
			const { interpreter } = found;
			if (arena < interpreter.arenaBytes)
				throw new RangeError(
					`arena-too-small: the card gives ${arena} bytes, the model needs ${interpreter.arenaBytes}`,
				);
			interpreter.reset();
			this.interpreter = interpreter;
			this.given = new ArrayBuffer(interpreter.inputs[0]!.bytes);
			this.result = new ArrayBuffer(interpreter.outputs[0]!.bytes);
		},
		xs_tflm_input(this: Tensors) {
			return this.given;
		},
		xs_tflm_output(this: Tensors) {
			return this.result;
		},
		xs_tflm_invoke(this: Tensors) {
			(this.interpreter.inputs[0]!.data as Int8Array).set(new Int8Array(this.given));
			this.interpreter.invoke();
			new Int8Array(this.result).set(this.interpreter.outputs[0]!.data as Int8Array);
		},
		xs_tflm_close: () => {},
	};
}
