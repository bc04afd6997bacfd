/* How long one inference takes. */
import { Interpreter } from "tflite-micro-wasm";

export interface Measurement {
	model: string;
	/** Microseconds of one inference: in the middle, and at best. */
	median_us: number;
	min_us: number;
	/** Inferences that were timed. */
	runs: number;
	/** Multiply-accumulate operations of one inference. */
	macs: number;
}

/** Timers of browsers and of Node tick in a few microseconds: what is shorter is timed several at once. */
const shortestSampleUs = 200;
const warmUpMs = 100;
const measureMs = 1000;

/** Times a model on inputs of its zero points. @throws ModelError when it cannot be run */
export async function measure(model: string, bytes: Uint8Array): Promise<Measurement> {
	const interpreter = await Interpreter.create(bytes);
	for (const { data, zeroPoint } of interpreter.inputs) {
		if (data instanceof BigInt64Array) data.fill(BigInt(zeroPoint));
		else data.fill(zeroPoint);
	}
	const time = (runs: number) => {
		const start = performance.now();
		for (let i = 0; i < runs; i++) interpreter.invoke();
		return ((performance.now() - start) * 1000) / runs;
	};
	const end = performance.now() + warmUpMs;
	let once = time(1);
	while (performance.now() < end) once = Math.min(once, time(1));
	const together = Math.max(1, Math.ceil(shortestSampleUs / Math.max(once, 0.01)));
	const samples: number[] = [];
	const start = performance.now();
	while (performance.now() - start < measureMs || samples.length < 5) samples.push(time(together));
	samples.sort((a, b) => a - b);
	const round = (us: number) => Math.round(us * 1000) / 1000;
	interpreter.close();
	return {
		model,
		median_us: round(samples[samples.length >> 1] as number),
		min_us: round(samples[0] as number),
		runs: samples.length * together,
		macs: interpreter.macs,
	};
}
