import { Fault } from "../fault.ts";
import type { Emit, PipelineHealth } from "../telemetry/event.ts";

/** From a sensor to events: window -> features -> model -> decision. */
export interface Pipeline {
	readonly name: "keyword" | "vibration";
	/** Milliseconds between polls: no longer than the time in which the next window can be complete. */
	readonly period: number;
	/** Works through every window that is complete and emits what it decided. What it throws ends the pipeline. */
	poll(emit: Emit): void;
	health(): PipelineHealth;
	/** Gives the native memory back. */
	close(): void;
}

/** What a pipeline uses of the native `Interpreter`: int8 tensors over its arena, valid until it is closed. */
export interface Model {
	input(index: number): ArrayBuffer;
	output(index: number): ArrayBuffer;
	invoke(): void;
	close(): void;
}

/** What a pipeline uses of the native `LogMel`, and of `Spectrum` with its statistics. */
export interface Features {
	/** Takes samples from the sensor's ring until `max` frames are complete or none are left; frames completed. */
	pull(max?: number): number;
	/** Writes the newest features as int8, in the layout of the model's input. */
	read(into: ArrayBuffer): void;
	/** Samples since the start, lost ones included, at which the newest features end. */
	position(): number;
	/** Samples that came while the ring was full and were dropped. */
	lost(): number;
	close(): void;
}

/** Seconds, rounded to milliseconds, of a position in a stream of `rate` samples a second. */
export function seconds(position: number, rate: number): number {
	return Math.round((position * 1000) / rate) / 1000;
}

/** The value with three digits after the point, as events give scores. */
export function rounded(value: number): number {
	return Math.round(value * 1000) / 1000;
}

/** What a pipeline reports besides what it decides: "windows" is an event for each window that it judges, to measure it by. */
export type Detail = "windows";

/** A number of a card's `decision`, or a Fault `decision-invalid` that names the key and what it should be. */
export function checkedNumber(
	kind: string,
	from: Readonly<Record<string, unknown>>,
	key: string,
	least: number,
	whole: boolean,
): number {
	const value = from[key];
	if (typeof value === "number" && value >= least && value < 1e6 && (!whole || value === Math.floor(value)))
		return value;
	throw new Fault(
		"decision-invalid",
		`${kind}.json: decision ${key} is ${String(value)}, should be ${whole ? "a whole number" : "a number"} from ${least} on`,
	);
}
