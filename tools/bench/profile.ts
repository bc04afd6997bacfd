/* Where the time of an inference goes, operator by operator. */
import type { Interpreter } from "../../host-sim/tflite-micro-wasm/index.ts";
import { breathe, median, rounded } from "./rounds.ts";

export interface OperatorTime {
	index: number;
	name: string;
	/** Of its first output. */
	shape: readonly number[];
	/** Microseconds of one run, in the middle of the samples. */
	median_us: number;
	/** Multiply-accumulate operations of one run. */
	macs: number;
}

const shortestSampleUs = 100;
const warmUpMs = 300;
const measureMs = 1500;
const fewestRounds = 9;

/**
 * Times the operators of a model in the order of execution, round by round. An operator that is too short for the clock
 * runs several times in a row, so it finds its data in the caches: the sum may be less than the time of an inference.
 */
export async function profile(
	interpreter: Interpreter,
	prepare: () => void,
	progress: (share: number) => void = () => {},
): Promise<OperatorTime[]> {
	const time = (index: number, runs: number) => {
		const start = performance.now();
		for (let i = 0; i < runs; i++) interpreter.step(index);
		return ((performance.now() - start) * 1000) / runs;
	};
	const best = interpreter.operators.map(() => Number.POSITIVE_INFINITY);
	const warm = performance.now() + warmUpMs;
	do {
		prepare();
		for (const { index } of interpreter.operators)
			best[index] = Math.min(best[index]!, Math.max(time(index, best[index]! < 10 ? 20 : 1), 0.01));
	} while (performance.now() < warm);
	const samples = best.map((): number[] => []);
	const start = performance.now();
	for (let now = start; now - start < measureMs || samples[0]!.length < fewestRounds; now = performance.now()) {
		prepare();
		for (const { index } of interpreter.operators) {
			interpreter.step(index);
			samples[index]!.push(time(index, Math.ceil(shortestSampleUs / best[index]!)));
		}
		progress(Math.min(1, (now - start) / measureMs));
		await breathe();
	}
	return interpreter.operators.map(({ index, name, outputs, macs }) => {
		const output = outputs[0];
		return {
			index,
			name,
			shape: output === undefined || output < 0 ? [] : interpreter.tensor(output).shape,
			median_us: rounded(median(samples[index]!)),
			macs,
		};
	});
}
