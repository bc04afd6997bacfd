/*
 * How long one inference takes, with our kernel and with the runtimes that a JavaScript developer has today.
 * Timed is running the model and nothing else, on one thread: inputs are written before, outputs stay where they are.
 * The others are entered at the lowest function that their modules export, so they do not pay for their packages'
 * tensors. Our kernel is timed as devices run it, with double rounding.
 */
import type { Interpreter } from "../host-sim/tflite-micro-wasm/index.ts";
import { type KernelRunner, loadKernel } from "./bench/kernel.ts";
import { loadOthers } from "./bench/others.ts";
import { type OperatorTime, profile } from "./bench/profile.ts";
import { type Contestant, measure, type Times } from "./bench/rounds.ts";
import { Refusal, type Runner, type Runtime } from "./bench/runtime.ts";
import { distance, inputValues, write } from "./bench/same-work.ts";
import { Failure } from "./failure.ts";
import { about, modelFiles, readModel } from "./model-file.ts";

export interface OtherTimes extends Times {
	name: string;
	version: string;
}

export interface Measurement extends Times {
	/** Its path. */
	model: string;
	/** Multiply-accumulate operations of one inference. */
	macs: number;
	/** Of the other runtimes those that can run the model. Missing with `alone`. */
	others?: OtherTimes[];
	/** Our median over that of the fastest other. Missing when there is none. */
	ratio?: number;
	/** With `profile`. */
	operators?: OperatorTime[];
}

export interface BenchOptions {
	/** Leaves the other runtimes out. */
	alone?: boolean;
	/** Times each operator, and leaves the other runtimes out. */
	profile?: boolean;
	/** Is told what a person should know: what is installed, which runtime refuses which model, which outputs differ. */
	say?: (text: string) => void;
	progress?: (share: number, text: string) => void;
}

/** Where the outputs of other runtimes differ by more than this many steps, it is said. */
const tolerance = 1;

interface Subject {
	path: string;
	bytes: Uint8Array;
	ours: KernelRunner;
	values: Uint8Array[];
}

const contestant = (runner: Runner, values: readonly Uint8Array[]): Contestant => ({
	runner,
	prepare: () => {
		write(runner, values);
	},
});

/** A runtime that fails while it is being timed. */
class Trap extends Error {
	readonly runner: Runner;

	constructor(runner: Runner, cause: Error) {
		super(cause.message);
		this.runner = runner;
	}
}

/** A contestant that says who it is when it fails. */
function watched(runner: Runner, values: readonly Uint8Array[]): Contestant {
	const guard = (work: () => void) => {
		try {
			work();
		} catch (error) {
			throw new Trap(runner, error as Error);
		}
	};
	return {
		runner: { ...runner, invoke: () => guard(() => runner.invoke()), settle: () => guard(() => runner.settle()) },
		prepare: () => guard(() => write(runner, values)),
	};
}

/** Outputs of our kernel with single rounding: what the others should give. */
async function expected({ bytes, values }: Subject): Promise<{ outputs: Uint8Array[]; types: string[] }> {
	const runner = await loadKernel(bytes, "single");
	write(runner, values);
	runner.invoke();
	return { outputs: runner.outputs(), types: runner.interpreter.outputs.map(({ type }) => type) };
}

/** Those of the runtimes that can run the model, loaded. Says why of the rest, and whose outputs differ. */
async function rivals(subject: Subject, runtimes: readonly Runtime[], say: (text: string) => void) {
	const { outputs, types } = await expected(subject);
	const able: { runtime: Runtime; runner: Runner }[] = [];
	for (const runtime of runtimes) {
		try {
			const runner = await runtime.load(subject.bytes);
			if (!write(runner, subject.values)) throw new Refusal("its inputs have other sizes");
			runner.invoke();
			const steps = distance(outputs, types, runner.outputs());
			runner.settle();
			if (steps > tolerance) {
				const far = Number.isFinite(steps) ? `by up to ${Math.round(steps)} steps` : "in size";
				say(`${subject.path}: outputs of ${runtime.name} differ from ours ${far}`);
			}
			able.push({ runtime, runner });
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			say(`${subject.path}: ${runtime.name} cannot run it: ${error.message}`);
		}
	}
	return able;
}

async function compare(
	subject: Subject,
	runtimes: readonly Runtime[],
	say: (text: string) => void,
	progress: (share: number) => void,
): Promise<Pick<Measurement, keyof Times | "others" | "ratio">> {
	let able = await rivals(subject, runtimes, say);
	const us = contestant(subject.ours, subject.values);
	const [ours, ...theirs] = await (async () => {
		for (;;) {
			const them = able.map(({ runner }) => watched(runner, subject.values));
			try {
				return await measure([us, ...them], progress);
			} catch (error) {
				// Some models run once in another runtime, and trap later.
				if (!(error instanceof Trap)) throw error;
				const { runner, message } = error;
				say(`${subject.path}: ${able.find((one) => one.runner === runner)!.runtime.name} cannot run it: ${message}`);
				able = able.filter((one) => one.runner !== runner);
			}
		}
	})();
	const others = able.map(({ runtime: { name, version } }, i) => ({ name, version, ...theirs[i]! }));
	const fastest = Math.min(...others.map(({ median_us }) => median_us));
	return {
		...ours!,
		others,
		...(others.length && { ratio: Math.round((1000 * ours!.median_us) / fastest) / 1000 }),
	};
}

async function open(path: string): Promise<Subject> {
	const bytes = readModel(path);
	const ours = await about(path, () => loadKernel(bytes, "double"));
	const inputs: Interpreter["inputs"] = ours.interpreter.inputs;
	return { path, bytes, ours, values: inputs.map(inputValues) };
}

/**
 * Times models: .tflite files, model packages (folders with a model.tflite) or folders of .tflite files. In a folder,
 * those that our kernel cannot run are skipped and said. The kernel must have been built (`buildKernel`).
 * @throws Failure when a file that was named cannot be read or run, or nothing is left
 */
export async function benchmarkModels(paths: readonly string[], options: BenchOptions = {}): Promise<Measurement[]> {
	const { say = () => {}, progress = () => {} } = options;
	const models = paths.flatMap((path) => modelFiles(path).map((file) => ({ file, named: file === path })));
	const alone = options.alone || options.profile;
	const others = alone ? [] : await loadOthers(say);
	const results: Measurement[] = [];
	for (const [index, { file, named }] of models.entries()) {
		const advance = (share: number) => progress((index + share) / models.length, file);
		advance(0);
		let subject: Subject;
		try {
			subject = await open(file);
		} catch (error) {
			if (named || !(error instanceof Failure)) throw error;
			say(`skipped ${error.message}`);
			continue;
		}
		const { macs } = subject.ours.interpreter;
		const { prepare, runner } = contestant(subject.ours, subject.values);
		if (alone) {
			const [times] = await measure([{ prepare, runner }], advance);
			const operators = options.profile && (await profile(subject.ours.interpreter, prepare, advance));
			results.push({ model: file, ...times!, macs, ...(operators && { operators }) });
		} else {
			const { others: of, ratio, ...times } = await compare(subject, others, say, advance);
			results.push({ model: file, ...times, macs, others: of!, ...(ratio !== undefined && { ratio }) });
		}
	}
	if (!results.length) throw new Failure("no-model", `${paths.join(", ")}: none of the models can be run`);
	return results;
}
