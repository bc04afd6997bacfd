/* What `cricket model inspect` and `bench` print. */
import type { Description, TensorInfo } from "tflite-micro-wasm";
import type { Measurement } from "./model-bench.ts";
import { grouped, paint, wrap } from "./terminal.ts";

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
		const activations = plan.arenaBytes - plan.stateBytes;
		facts.push(
			`arena ${grouped(plan.arenaBytes)} bytes: ${grouped(activations)} for activations, ${grouped(plan.stateBytes)} for the interpreter`,
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

export function benchTable(results: readonly Measurement[]): string {
	return table(
		["model", " median us", " min us", " runs", " MAC", " MAC/us"],
		results.map(({ model, median_us, min_us, runs, macs }) => [
			model,
			median_us.toFixed(1),
			min_us.toFixed(1),
			grouped(runs),
			grouped(macs),
			(macs / median_us).toFixed(0),
		]),
		Number.POSITIVE_INFINITY,
	);
}
