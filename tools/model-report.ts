/* What `cricket model inspect` and `bench` print. */
import type { Description, TensorInfo } from "../host-sim/tflite-micro-wasm/index.ts";
import type { Measurement } from "./model-bench.ts";
import { bar, grouped, paint, wrap } from "./terminal.ts";

interface TensorSummary {
	name: string;
	type: string;
	shape: readonly number[];
	bytes: number;
	scale: number;
	zeroPoint: number;
}

/** What `cricket model inspect --json` prints. */
export interface Inspection {
	bytes: number;
	/** Multiply-accumulate operations of one inference; null when the kernel cannot run the model. */
	macs: number | null;
	arena: { bytes: number | null };
	/** By name and version, in the order of their first use. */
	operators: { name: string; version: number; count: number; supported: boolean }[];
	inputs: TensorSummary[];
	outputs: TensorSummary[];
	/** Why the kernel cannot run the model. */
	problem?: { code: string; message: string };
}

function summary({ name, type, shape, bytes, scale, zeroPoint }: TensorInfo): TensorSummary {
	return { name, type, shape, bytes, scale, zeroPoint };
}

export function inspection(bytes: number, description: Description): Inspection {
	const { plan, problem, inputs, outputs } = description;
	const operators = new Map<string, Inspection["operators"][number]>();
	for (const { name, version, supported } of description.operators) {
		const key = `${name} ${version}`;
		const entry = operators.get(key) ?? { name, version, count: 0, supported };
		entry.count++;
		operators.set(key, entry);
	}
	return {
		bytes,
		macs: plan?.macs ?? null,
		arena: { bytes: plan?.arenaBytes ?? null },
		operators: [...operators.values()],
		inputs: inputs.map(summary),
		outputs: outputs.map(summary),
		...(problem && { problem: { code: problem.code, message: problem.message } }),
	};
}

type Row = readonly string[];

/** Columns as wide as they must be; the last is cut to the width. Columns whose heading starts with a space are numbers. */
function table(heading: Row, rows: readonly Row[], width: number): string {
	const widths = heading.map((title, i) => Math.max(title.trim().length, ...rows.map((row) => row[i]!.length)));
	const line = (row: Row) =>
		row
			.map((cell, i) => (heading[i]!.startsWith(" ") ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
			.join("  ")
			.slice(0, width)
			.trimEnd();
	return [paint(process.stdout, "dim", line(heading.map((title) => title.trim()))), ...rows.map(line)].join("\n");
}

const shapeOf = (tensor: TensorInfo) => (tensor.shape.length ? tensor.shape.join("x") : "scalar");

function quantizationOf({ scale, scales, zeroPoint }: TensorInfo): string {
	if (!scales) return "";
	return `${scale.toPrecision(6)}, ${zeroPoint}${scales > 1 ? ` (first of ${scales})` : ""}`;
}

/** Everything a person may want to know, no wider than `width`. */
export function inspectionText(path: string, bytes: number, description: Description, width: number): string {
	const { plan, problem, tensors, operators, inputs, outputs } = description;
	const weights = tensors.filter((tensor) => tensor.constant).reduce((sum, tensor) => sum + tensor.bytes, 0);
	const facts = [`${grouped(bytes)} bytes, ${grouped(weights)} of them constants`];
	if (plan) {
		const activations = plan.arenaBytes - plan.ownBytes;
		facts.push(
			`arena ${grouped(plan.arenaBytes)} bytes: ${grouped(activations)} for activations, ${grouped(plan.ownBytes)} for the interpreter`,
			`${grouped(plan.macs)} multiply-accumulates`,
		);
	}
	const ends = table(
		["", "name", " shape", "type", " bytes", "scale, zero point"],
		[
			...inputs.map((tensor) => ["input", tensor] as const),
			...outputs.map((tensor) => ["output", tensor] as const),
		].map(([end, tensor]) => [
			end,
			tensor.name.slice(0, 40),
			shapeOf(tensor),
			tensor.type,
			grouped(tensor.bytes),
			quantizationOf(tensor),
		]),
		width,
	);
	const steps = table(
		[" #", "operator", " version", " tensor", " shape", "type", "weights"],
		operators.map((operator) => {
			const output = tensors[operator.outputs[0] ?? -1];
			const constants = operator.inputs
				.map((index) => tensors[index])
				.filter((tensor) => tensor?.constant)
				.map((tensor) => `${tensor!.type} ${shapeOf(tensor!)}`);
			return [
				`${operator.index}`,
				operator.name + (operator.supported ? "" : " (not supported)"),
				`${operator.version}`,
				`${operator.outputs[0] ?? ""}`,
				output ? shapeOf(output) : "",
				output?.type ?? "",
				constants.join(", "),
			];
		}),
		width,
	);
	const trouble = problem && paint(process.stdout, "yellow", wrap(`cannot be run: ${problem.message}`, width, "  "));
	return [paint(process.stdout, "bold", path), ...facts, ...(trouble ? [trouble] : []), "", ends, "", steps].join("\n");
}

/** Names that tell models apart: of the file without its ending, or of the folder when that is all that differs. */
function modelNames(results: readonly Measurement[]): string[] {
	const names = results.map(({ model }) => {
		const parts = model.split("/").filter((part) => part && part !== "model.tflite");
		return (parts.at(-1) ?? model).replace(/\.tflite$/, "");
	});
	return names.map((name, i) => (names.indexOf(name) === names.lastIndexOf(name) ? name : results[i]!.model));
}

const short = (us: number) => (us < 10 ? us.toFixed(2) : us.toFixed(1));

/** How long models take, in microseconds, ours first; at most 100 columns for names of up to 28 characters. */
export function benchTable(results: readonly Measurement[]): string {
	const names = modelNames(results);
	const others = [...new Set(results.flatMap((result) => (result.others ?? []).map(({ name }) => name)))];
	return table(
		[
			"model",
			" median us",
			" min us",
			" MAC",
			" MAC/us",
			...others.map((name) => ` ${name}`),
			...(others.length ? [" ratio"] : []),
		],
		results.map(({ median_us, min_us, macs, others: of = [], ratio }, i) => [
			names[i]!,
			short(median_us),
			short(min_us),
			grouped(macs),
			grouped(macs / median_us),
			...others.map((name) => {
				const other = of.find((entry) => entry.name === name);
				return other ? short(other.median_us) : "-";
			}),
			...(others.length ? [ratio?.toFixed(2) ?? "-"] : []),
		]),
		Number.POSITIVE_INFINITY,
	);
}

/** Where the time of one model goes, in the order of execution. */
export function profileTable({ model, median_us, operators = [] }: Measurement): string {
	const sum = operators.reduce((total, operator) => total + operator.median_us, 0);
	const most = Math.max(...operators.map((operator) => operator.median_us));
	const steps = table(
		[" #", "operator", "output", " us", " share", " MAC", " MAC/us", ""],
		operators.map(({ index, name, shape, median_us: us, macs }) => [
			`${index}`,
			name.slice(0, 28),
			shape.length ? shape.join("x") : "scalar",
			short(us),
			`${((100 * us) / sum).toFixed(1)} %`,
			...(macs ? [grouped(macs), grouped(macs / us)] : ["", ""]),
			bar(us / most, 16),
		]),
		100,
	);
	const total = `operators one by one ${short(sum)} us, one inference ${short(median_us)} us`;
	return [paint(process.stdout, "bold", model), total, "", steps].join("\n");
}
