/* `cricket model`: looks into .tflite files, checks them, times them and runs them, with the kernel of the devices. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Description, describe, Interpreter, type Rounding } from "../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "./build/kernel.ts";
import { Failure } from "./failure.ts";
import { benchmarkModels } from "./model-bench.ts";
import { replay } from "./model-card.ts";
import { about, modelFile, readModel } from "./model-file.ts";
import { benchTable, inspection, inspectionText, profileTable } from "./model-report.ts";
import { columns, grouped, Progress, say } from "./terminal.ts";

/** Builds the kernel if it has changed. */
async function prepare(): Promise<void> {
	const progress = new Progress();
	try {
		await buildKernel((done, total, source) => progress.update(done / total, source));
	} finally {
		progress.clear();
	}
}

async function look(path: string): Promise<{ bytes: number; description: Description }> {
	await prepare();
	const bytes = readModel(path);
	return { bytes: bytes.length, description: await about(path, () => describe(bytes)) };
}

function count(text: string): number {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
	return value;
}

function inspectCommand(): Command {
	return new Command("inspect")
		.description("Prints what a model holds: operators, tensors, arena, multiply-accumulates, quantization.")
		.argument("<model>", "a .tflite file, or the folder of a model package")
		.option("--json", "print a summary as JSON")
		.action(async (path: string, options: { json?: true }) => {
			const { bytes, description } = await look(path);
			const text = options.json
				? JSON.stringify(inspection(bytes, description))
				: inspectionText(modelFile(path), bytes, description, columns(process.stdout) ?? 100);
			process.stdout.write(`${text}\n`);
		});
}

function verifyCommand(): Command {
	return new Command("verify")
		.description(
			"Checks that a model is sound and that a device can run it; of a model package (a folder), that its card tells the truth as well.",
		)
		.argument("<model>", "a .tflite file, or the folder of a model package")
		.option("--arena <bytes>", "also check that an arena of so many bytes is enough", count)
		.action(async (path: string, options: { arena?: number }) => {
			const { bytes, description } = await look(path);
			if (description.problem) throw new Failure(description.problem.code, `${path}: ${description.problem.message}`);
			if (options.arena) {
				const arenaBytes = options.arena;
				await about(path, () => Interpreter.create(readModel(path), { arenaBytes }));
			}
			const arena = description.plan?.arenaBytes ?? 0;
			const package_ = statSync(path).isDirectory();
			const vectors = package_ ? await about(path, () => replay(path, readModel(path), description)) : 0;
			const card = package_ ? `, card agrees, ${vectors} golden vectors replayed` : "";
			process.stdout.write(`${path}: sound, ${grouped(bytes)} bytes, arena ${grouped(arena)} bytes${card}\n`);
		});
}

function benchCommand(): Command {
	return new Command("bench")
		.description(
			"Measures how long one inference takes, beside tfjs-tflite and LiteRT.js. Timed is running the model alone, on one thread, the runtimes in turn; installs the two the first time.",
		)
		.argument("<models...>", ".tflite files, folders of model packages, or folders of .tflite files")
		.option("--alone", "leave the other runtimes out")
		.option("--profile", "time each operator, without the other runtimes")
		.option("--json", "print times as JSON")
		.action(async (paths: string[], options: { alone?: true; profile?: true; json?: true }) => {
			await prepare();
			const progress = new Progress();
			const results = await benchmarkModels(paths, {
				...options,
				say: (text) => {
					progress.clear();
					say(text);
				},
				progress: (share, text) => progress.update(share, text),
			}).finally(() => progress.clear());
			const text = options.profile ? results.map(profileTable).join("\n\n") : benchTable(results);
			process.stdout.write(`${options.json ? JSON.stringify(results) : text}\n`);
		});
}

interface RunOptions {
	in: string;
	out: string;
	vectors?: number;
	reset: boolean;
	rounding: Rounding;
}

/** The outputs of all inputs, end to end. */
async function runVectors(model: Uint8Array, given: Uint8Array, options: RunOptions): Promise<Uint8Array> {
	const interpreter = await Interpreter.create(model, { rounding: options.rounding });
	const size = (tensors: Interpreter["inputs"]) => tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
	const [inputBytes, outputBytes] = [size(interpreter.inputs), size(interpreter.outputs)];
	const vectors = options.vectors ?? given.length / inputBytes;
	if (!Number.isInteger(vectors) || !vectors || given.length !== vectors * inputBytes) {
		const wanted = options.vectors === undefined ? "a whole number of inputs" : `${options.vectors} inputs`;
		throw new Failure(
			"bad-input-size",
			`${options.in}: ${grouped(given.length)} bytes are not ${wanted} of ${grouped(inputBytes)} bytes each`,
		);
	}
	const results = new Uint8Array(vectors * outputBytes);
	let [from, to] = [0, 0];
	for (let vector = 0; vector < vectors; vector++) {
		if (options.reset) interpreter.reset();
		for (const input of interpreter.inputs) {
			bytesOf(input.data).set(given.subarray(from, from + input.bytes));
			from += input.bytes;
		}
		interpreter.invoke();
		for (const output of interpreter.outputs) {
			results.set(bytesOf(output.data), to);
			to += output.bytes;
		}
	}
	interpreter.close();
	return results;
}

function bytesOf(data: ArrayBufferView): Uint8Array {
	return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function runCommand(): Command {
	return new Command("run")
		.description("Runs a model on raw bytes: the inputs one after the other in, the outputs in the same order out.")
		.argument("<model>", "a .tflite file, or the folder of a model package")
		.requiredOption("--in <file>", "inputs, end to end; - for standard input")
		.requiredOption("--out <file>", "where to write the outputs; - for standard output")
		.option("--vectors <n>", "inputs that the file must hold; as many as it has when left out", count)
		.option("--no-reset", "keep the model's state from one input to the next")
		.addOption(
			new Option("--rounding <mode>", "double: as TFLite Micro; single: as XNNPACK")
				.choices(["double", "single"])
				.default("double"),
		)
		.action(async (path: string, options: RunOptions) => {
			await prepare();
			const model = readModel(path);
			const given = readFileSync(options.in === "-" ? 0 : options.in);
			const results = await about(path, () => runVectors(model, given, options));
			if (options.out === "-") {
				process.stdout.write(results);
				return;
			}
			mkdirSync(dirname(options.out), { recursive: true });
			writeFileSync(options.out, results);
		});
}

/** The `model` subcommand. */
export function modelCommand(): Command {
	return new Command("model")
		.description("Inspects, verifies, times and runs models, bit for bit as the devices do.")
		.addCommand(inspectCommand())
		.addCommand(verifyCommand())
		.addCommand(benchCommand())
		.addCommand(runCommand());
}
