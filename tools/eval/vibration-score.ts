/* What counts as right for a recording of a machine and for a window of it. docs/evaluation.md says it in words. */
import type { FaultName, VibrationEvent } from "../../firmware/agent/telemetry/event.ts";
import { type Interval, wilson } from "./interval.ts";
import { FAULTS } from "./machines.ts";

/** What a recording or a window is named when the device gives an alarm and no name. */
export const UNNAMED = "unnamed";

/** A judged window: seconds, score, the device's state after it, and its name where there is one. */
export type Window = [t: number, score: number, state: string, named: string | null];

export interface FileResult {
	readonly file: string;
	readonly fault: FaultName;
	readonly load?: number | undefined;
	/** The recording that the device had learned the machine from. */
	readonly baseline: string;
	readonly named: string;
	readonly right: boolean;
	/** Seconds to the first alarm, null for none. */
	readonly alarm: number | null;
	/** Of the windows' scores. */
	readonly median: number;
	readonly highest: number;
	/** Which fault, normal among them, the classifier's windows together make the likeliest, whatever the score is. */
	readonly classifier: string | null;
	readonly windows: readonly Window[];
}

export interface Tally {
	readonly right: number;
	readonly of: number;
	readonly interval: Interval;
}

const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The likeliest of the named posteriors; "normal" only when it may be. */
function likeliest(posteriors: ReadonlyMap<string, number>, normal: boolean): string | null {
	let best: string | null = null;
	for (const [name, value] of posteriors)
		if ((normal || name !== "normal") && (best === null || value > posteriors.get(best)!)) best = name;
	return best;
}

/** A posterior that is reported as 0 is not impossible, only below the last digit. */
const SMALLEST = 1 / 512;

/** Sums of the logarithms of posteriors over the windows that have them. */
function together(events: readonly VibrationEvent[]): Map<string, number> {
	const sums = new Map<string, number>();
	for (const { faults } of events)
		if (faults)
			for (const name of FAULTS)
				if (faults[name] !== undefined)
					sums.set(name, (sums.get(name) ?? 0) + Math.log(Math.max(faults[name], SMALLEST)));
	return sums;
}

/** What a window is: normal below the warning; else what the classifier says of it, where it has just said something. */
function windowName({ score, faults }: VibrationEvent, warning: number): string | null {
	if (faults === undefined) return null;
	return score < warning ? "normal" : likeliest(new Map(Object.entries(faults)), false);
}

/** What the device called the recording: normal without an alarm or a fault's name, else the name that it gave last. */
function recordingName(events: readonly VibrationEvent[]): string {
	const named = events.findLast(({ state, fault }) => fault !== undefined && state !== "normal");
	if (named) return named.fault!;
	return events.some(({ state }) => state === "alarm") ? UNNAMED : "normal";
}

/** The result of a recording from what the device reported of its windows. */
export function judge(
	{ file, fault, load }: { file: string; fault: FaultName; load?: number | undefined },
	baseline: string,
	events: readonly VibrationEvent[],
	warning: number,
): FileResult {
	const alarm = events.find(({ state }) => state === "alarm")?.t ?? null;
	const name = recordingName(events);
	// A warning that goes away again is no verdict on a sound machine.
	const named = fault === "normal" && alarm === null ? "normal" : name;
	const scores = events.map(({ score }) => score);
	return {
		file,
		fault,
		load,
		baseline,
		named,
		right: fault === "normal" ? alarm === null : named === fault,
		alarm,
		median: median(scores),
		highest: Math.max(...scores),
		classifier: likeliest(together(events), true),
		windows: events.map((event) => [event.t, event.score, event.state, windowName(event, warning)]),
	};
}

export const tally = (right: number, of: number): Tally => ({ right, of, interval: wilson(right, of) });

/** By fault, how many of the items are right; faults that do not occur have none. */
export function tallies<Item extends { fault: FaultName }>(
	items: readonly Item[],
	isRight: (item: Item) => boolean,
): Map<FaultName, Tally> {
	const occurring = FAULTS.filter((fault) => items.some((item) => item.fault === fault));
	return new Map(
		occurring.map((fault) => {
			const own = items.filter((item) => item.fault === fault);
			return [fault, tally(own.filter(isRight).length, own.length)];
		}),
	);
}

/** For each fault, how many recordings were named what. */
export function confusion(files: readonly FileResult[]): Record<string, Record<string, number>> {
	const table: Record<string, Record<string, number>> = {};
	for (const { fault, named } of files) {
		table[fault] ??= {};
		table[fault][named] = (table[fault][named] ?? 0) + 1;
	}
	return table;
}
