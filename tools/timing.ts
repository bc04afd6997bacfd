/* Where the time of a run went, by stage. */
import type { Stages } from "../host-sim/twin.ts";

const names = ["features", "inference", "script"] as const;

/** Figures to one more digit than are worth reading. */
const rounded = (value: number) => Math.round(value * 10) / 10;

interface Line {
	/** microseconds of the host per second of device time */
	us_per_second: number;
	/** microseconds of the host each time; 0 when it never ran */
	us_each: number;
	count: number;
	/** of the time of all stages, 0 to 1 */
	share: number;
}

function lines(stages: Stages, device: number): Record<(typeof names)[number], Line> {
	const total = names.reduce((sum, name) => sum + stages[name].us, 0);
	const line = ({ us, count }: { us: number; count: number }): Line => ({
		us_per_second: rounded(us / Math.max(device, 1e-6)),
		us_each: rounded(us / Math.max(count, 1)),
		count,
		share: Math.round((us / Math.max(total, 1e-6)) * 1000) / 1000,
	});
	return { features: line(stages.features), inference: line(stages.inference), script: line(stages.script) };
}

const perSecond = (stages: Stages, device: number) => Math.round(stages.script.bytecodes / Math.max(device, 1e-6));

/** The last line of `sim --json --timing`. @param device seconds of device time */
export function timingEvent(stages: Stages, device: number): object {
	return { t: device, type: "timing", stages: lines(stages, device), bytecodes_per_second: perSecond(stages, device) };
}

/** A table for people. @param device seconds of device time */
export function timingTable(stages: Stages, device: number): string {
	const rows = Object.entries(lines(stages, device)).map(([name, line]) => [
		name,
		line.us_per_second.toFixed(1),
		line.us_each.toFixed(1),
		line.count.toString(),
		`${(line.share * 100).toFixed(1)} %`,
	]);
	const table = [["stage", "us/s", "us each", "times", "share"], ...rows];
	const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
	const text = table.map((row) =>
		row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
	);
	return [...text, `script: ${perSecond(stages, device)} bytecodes per second of device time`].join("\n");
}
