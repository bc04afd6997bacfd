/*
 * Times several runners so that they can be compared on a machine that does other things as well: in rounds, a sample of
 * each in turn, so that what disturbs the machine for a while disturbs all of them. A sample is as many runs as take
 * long enough for the clock, after one that is not timed and brings the runner's data back into the caches.
 */
import type { Runner } from "./runtime.ts";

export interface Times {
	/** Microseconds of one inference: in the middle of the samples, and in the best. */
	median_us: number;
	min_us: number;
	/** Inferences that were timed. */
	runs: number;
}

export interface Contestant {
	readonly runner: Runner;
	/** Writes the inputs: once before each sample, not timed. Later runs of a sample find what the first left there. */
	prepare(): void;
}

const shortestSampleUs = 500;
/** wasm is compiled a second time, with optimizations, once it has run for a while. */
const warmUpMs = 300;
/** For each contestant. */
const measureMs = 1000;
const fewestSamples = 9;
/** How long the event loop may be kept waiting: a signal or a closed pipe ends the benchmark that soon. */
const breathMs = 50;

/** @returns microseconds */
function time({ runner, prepare }: Contestant, runs: number): number {
	prepare();
	runner.invoke();
	const start = performance.now();
	for (let i = 0; i < runs; i++) runner.invoke();
	const us = (performance.now() - start) * 1000;
	runner.settle();
	return us;
}

export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The middle of an unsorted list; of an even number of values the upper one. */
export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** @param progress is told the share that is done, 0 to 1 */
export async function measure(
	contestants: readonly Contestant[],
	progress: (share: number) => void = () => {},
): Promise<Times[]> {
	const together: number[] = [];
	for (const contestant of contestants) {
		let best = Number.POSITIVE_INFINITY;
		const start = performance.now();
		while (performance.now() - start < warmUpMs) {
			const runs = Number.isFinite(best) ? Math.ceil(shortestSampleUs / best) : 1;
			best = Math.min(best, Math.max(time(contestant, runs) / runs, 0.01));
		}
		together.push(Math.ceil(shortestSampleUs / best));
		await breathe();
	}
	const samples = contestants.map((): number[] => []);
	const total = measureMs * contestants.length;
	const start = performance.now();
	let breath = start;
	for (let now = start; now - start < total || samples[0]!.length < fewestSamples; now = performance.now()) {
		for (const [i, contestant] of contestants.entries())
			samples[i]!.push(time(contestant, together[i]!) / together[i]!);
		if (now - breath < breathMs) continue;
		progress(Math.min(1, (now - start) / total));
		await breathe();
		breath = performance.now();
	}
	return samples.map((of, i) => ({
		median_us: rounded(median(of)),
		min_us: rounded(Math.min(...of)),
		runs: of.length * together[i]!,
	}));
}

/** To nanoseconds. */
export const rounded = (us: number) => Math.round(us * 1000) / 1000;
