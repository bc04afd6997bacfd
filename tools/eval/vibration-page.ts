/* The report on machines as a page. */
import { percent } from "./keyword-text.ts";
import { FAULTS } from "./machines.ts";
import { chart, percentAxis } from "./page/chart.ts";
import { heatmap } from "./page/heatmap.ts";
import { type Figure, page, type Section } from "./page/page.ts";
import { table } from "./page/table.ts";
import { timelines } from "./page/timeline.ts";
import type { VibrationReport } from "./vibration.ts";
import { UNNAMED } from "./vibration-score.ts";

const isRight = (fault: string, named: string) => (named === UNNAMED ? undefined : named === fault);
const number = (value: number, shown: string) => ({ value, shown });

export function vibrationPage(report: VibrationReport, command: string): string {
	const { auc, counts, files, limits, roc } = report;
	const figures: Figure[] = [
		{
			name: "area under the ROC curve",
			value: auc === null ? "none" : auc.toFixed(4),
			note: `windows, sound against faults; ${report.auc_recordings?.toFixed(4) ?? "none"} over recordings`,
		},
		...Object.entries(counts.recordings).map(
			([
				fault,
				{
					right,
					of,
					interval: [low, high],
				},
			]) => ({
				name: fault === "normal" ? "normal without alarm" : `${fault} named right`,
				value: `${right} of ${of}`,
				note: `95 %: ${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`,
			}),
		),
	];
	const sections: Section[] = [
		{
			title: "What the machine has and what the device named",
			lead: "Recordings. The name is the one that the device gave last; unnamed is an alarm without one.",
			html: heatmap(report.confusion, [...FAULTS, UNNAMED], isRight),
		},
		...(roc.length === 0
			? []
			: [
					{
						title: "Score of a window: sound against faults",
						lead: "Each point is a limit for the score. The red mark is the device's limit for a warning.",
						html: rocChart(report),
					},
				]),
		{
			title: "Scores over time",
			lead: "Every judged window. Dashed: the limits of warning and alarm. Red: what was not named right.",
			html: timelines(
				files.map(({ file, named, fault, alarm, right, windows }) => ({
					title: file,
					note: `${fault}, named ${named}${alarm === null ? "; no alarm" : `; alarm after ${alarm.toFixed(1)} s`}`,
					right,
					points: windows.map(([t, score]) => [t, score] as const),
				})),
				limits,
			),
		},
		{ title: "Recordings", lead: "Press a head to sort.", html: fileTable(report) },
	];
	const learned = report.baselines.map(({ name, seconds }) => `${name} (${seconds.toFixed(1)} s)`).join(", ");
	const about =
		`Model ${report.model.name} ${report.model.version}; warning from a score of ${limits.warning}, alarm from ` +
		`${limits.alarm}. The machine was learned from ${learned}. Every recording was played to the firmware in a simulated device.`;
	return page("Machines", about, figures, sections, command);
}

function rocChart({ roc, limits, auc }: VibrationReport): string {
	// The corners that still count as above the limit: the last of them is the device's point.
	const own = roc.findLast(([, , threshold]) => threshold >= limits.warning) ?? [0, 0, 0];
	return chart({
		title: `ROC curve, area ${auc?.toFixed(4)}`,
		x: percentAxis("windows of the sound machine at or above the limit"),
		y: percentAxis("windows of faults at or above it"),
		lines: [
			{
				name: "ROC",
				colour: "var(--accent)",
				points: [[0, 0], ...roc.map(([fpr, tpr]) => [fpr, tpr] as const), [1, 1]],
			},
		],
		marks: [
			{ x: own[0], y: own[1], text: `warning: ${percent(own[1])} of faults, ${percent(own[0])} of the sound machine` },
		],
	});
}

function fileTable({ files }: VibrationReport): string {
	const rows = files.map((of) => {
		const named = of.windows.filter(([, , , name]) => name !== null);
		const right = named.filter(([, , , name]) => name === of.fault).length;
		return [
			of.file,
			of.fault,
			of.load === undefined ? "" : number(of.load, `${of.load} hp`),
			of.right ? of.named : { wrong: of.named },
			of.classifier ?? "",
			of.alarm === null ? "" : number(of.alarm, `${of.alarm.toFixed(1)} s`),
			number(of.median, of.median.toFixed(2)),
			number(of.highest, of.highest.toFixed(2)),
			named.length === 0 ? "" : number(right / named.length, `${right} of ${named.length}`),
			of.baseline,
		];
	});
	return table(
		[
			"file",
			"has",
			"load",
			"named",
			"classifier alone",
			"alarm after",
			"median score",
			"highest",
			"windows right",
			"learned from",
		],
		rows,
	);
}
