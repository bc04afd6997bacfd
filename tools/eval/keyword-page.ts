/* The report on keywords as a page. */
import type { KeywordReport, StreamReport } from "./keyword.ts";
import { keywordsOf, NONE, type SweepPoint } from "./keyword-score.ts";
import { hourly, percent, ranked } from "./keyword-text.ts";
import { chart, percentAxis } from "./page/chart.ts";
import { heatmap } from "./page/heatmap.ts";
import { type Figure, page, type Section } from "./page/page.ts";
import { strip } from "./page/strip.ts";
import { table } from "./page/table.ts";

const range = ([low, high]: readonly [number, number]) => `${(100 * low).toFixed(1)} to ${percent(high)}`;
const number = (value: number, shown: string) => ({ value, shown });
const colours = { right: "var(--good)", wrong: "var(--bad)", unknown: "var(--faint)", others: "var(--warn)" };

const thresholds = {
	name: "threshold of the mean posterior",
	low: 0,
	high: 1,
	ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
	text: (value: number) => value.toFixed(1),
};

const aboutModel = ({ model: { name, version, decision } }: Pick<KeywordReport, "model">) =>
	`Model ${name} ${version}; threshold ${decision.threshold}, mean of ${decision.smoothing} runs, a run every ` +
	`${decision.stride} frames, ${decision.refractory} s refractory. Every recording was played to the firmware in a ` +
	"simulated device.";

export function keywordPage(report: KeywordReport, command: string): string {
	const { files, known, others, silence, model } = report;
	const isRight = (label: string, heard: string) => {
		if (heard !== NONE) return heard === label;
		return keywordsOf(model.labels).has(label) ? undefined : true;
	};
	const figures: Figure[] = [
		{ name: "right", value: percent(report.accuracy), note: `of ${files} files; 95 %: ${range(report.interval)}` },
		{ name: "wrong", value: percent(report.wrong), note: "another keyword, or one where none was said" },
		{ name: "unknown", value: percent(report.unknown), note: "a known word, and none was named" },
	];
	if (known.files > 0)
		figures.push({
			name: "words it knows",
			value: percent(known.accuracy),
			note: `of ${known.files}; 95 %: ${range(known.interval)}`,
		});
	if (others.files > 0)
		figures.push({
			name: "other words given a keyword",
			value: percent(others.rate),
			note: `of ${others.files}; 95 %: ${range(others.interval)}`,
		});
	if (silence.files > 0)
		figures.push({ name: "false accepts an hour", value: silence.per_hour.toFixed(2), note: hourly(silence) });
	const sections: Section[] = [
		{
			title: "What was said and what was heard",
			lead:
				"Rows are labels, columns what the device named first that was not the label, or the label. Blue is right, " +
				"red wrong, grey a known word that was not named; the darker, the more of the row.",
			html: heatmap(report.confusion, [...report.model.labels, NONE], isRight),
		},
		{
			title: "Thresholds",
			lead:
				"What other thresholds would give: the device's decision replayed over the posteriors that it reported. " +
				"The red mark is what the device decided itself.",
			html: `<div class="pair">${thresholdChart(report)}${tradeChart(report)}</div>`,
		},
		...speakerSection(report),
		{ title: "By label", html: labelTable(report) },
		{ title: "Files that were not right", lead: mistakesLead(report), html: mistakes(report) },
	];
	return page("Keywords", aboutModel(report), figures, sections, command);
}

function thresholdChart({ sweep, default: own, known, others }: KeywordReport): string {
	const line = (name: keyof typeof colours) => ({
		name: name === "others" ? "other words named" : name,
		colour: colours[name],
		points: sweep.map((point) => [point.threshold, point[name]] as const),
	});
	return chart({
		title: "Right, wrong and unknown by threshold",
		x: thresholds,
		y: percentAxis("fraction"),
		lines: [
			...(known.files > 0 ? [line("right"), line("wrong"), line("unknown")] : []),
			...(others.files > 0 ? [line("others")] : []),
		],
		upright: { x: own.threshold, text: `device, ${own.threshold}` },
	});
}

/** Right against wrongly named, the trade that a threshold makes. Empty where there is nothing to trade. */
function tradeChart({ sweep, default: own, known, others }: KeywordReport): string {
	if (known.files === 0) return "";
	const useOthers = others.files > 0;
	const wrong = (point: SweepPoint) => (useOthers ? point.others : point.wrong);
	const least = Math.min(own.right, ...sweep.filter((p) => p.threshold <= 0.9).map(({ right }) => right));
	const most = Math.max(0.02, ...sweep.map(wrong));
	return chart({
		title: "Known words named against other words named",
		x: percentAxis(
			useOthers ? "other words given a keyword" : "known words named wrongly",
			0,
			Math.ceil(most * 20) / 20,
		),
		y: percentAxis("known words named right", Math.max(0, Math.floor(least * 10 - 0.001) / 10), 1),
		lines: [
			{
				name: "sweep",
				colour: "var(--accent)",
				points: sweep.filter((p) => p.right >= Math.floor(least * 10) / 10).map((point) => [wrong(point), point.right]),
			},
		],
		marks: [{ x: wrong(own), y: own.right, text: `device: ${percent(own.right)} right, ${percent(wrong(own))} wrong` }],
	});
}

function speakerSection({ speakers }: KeywordReport): Section[] {
	const order = ranked(speakers);
	if (order.length < 2) return [];
	const middle = order[Math.floor(order.length / 2)]!.of.accuracy;
	const dots = order.map(({ name, of }) => ({
		name,
		value: of.accuracy,
		weight: of.files,
		text: `${name}: ${of.right} of ${of.files} right`,
	}));
	const worst = order
		.slice(0, 10)
		.map(({ name, of }) => [
			name,
			number(of.files, String(of.files)),
			number(of.accuracy, percent(of.accuracy)),
			number(of.wrong, String(of.wrong)),
			number(of.unknown, String(of.unknown)),
			range(of.interval),
		]);
	return [
		{
			title: "By speaker",
			lead:
				`${order.length} speakers, a dot each, the larger the more files. ` +
				`Worst ${percent(order[0]!.of.accuracy)}, median ${percent(middle)}.`,
			html:
				strip("Part of each speaker's files that is right", dots) +
				table(["worst speakers", "files", "accuracy", "wrong", "unknown", "95 %"], worst),
		},
	];
}

function labelTable({ labels }: KeywordReport): string {
	const rows = Object.entries(labels).map(([label, of]) => [
		label,
		...[of.files, of.right, of.wrong, of.unknown].map((times) => number(times, String(times))),
		number(of.accuracy, percent(of.accuracy)),
		range(of.interval),
	]);
	return table(["label", "files", "right", "wrong", "unknown", "accuracy", "95 %"], rows);
}

/** More would make a page that no phone opens. */
const MOST = 2000;

const failures = ({ results }: KeywordReport) => results.filter(({ verdict }) => verdict !== "right");

function mistakesLead(report: KeywordReport): string {
	const all = failures(report).length;
	if (all === 0) return "There are none.";
	return `${all} of ${report.files} files${all > MOST ? `, the first ${MOST} of them below` : ""}. Press a head to sort.`;
}

function mistakes(report: KeywordReport): string {
	const rows = failures(report)
		.slice(0, MOST)
		.map(({ file, label, heard, score, t, speaker }) => [
			file,
			label,
			heard === NONE ? heard : { wrong: heard },
			score === undefined ? "" : number(score, score.toFixed(2)),
			t === undefined ? "" : number(t, `${t.toFixed(2)} s`),
			speaker ?? "",
		]);
	return rows.length === 0 ? "" : table(["file", "said", "heard", "score", "at", "speaker"], rows);
}

export function streamPage(report: StreamReport, command: string): string {
	const most = Math.max(1, ...report.sweep.map(({ per_hour }) => per_hour));
	const named = report.results.flatMap(({ file, named }) =>
		named.map(({ t, label, score }) => [
			file,
			number(t, `${t.toFixed(1)} s`),
			{ wrong: label },
			number(score, score.toFixed(2)),
		]),
	);
	const sections: Section[] = [
		{
			title: "Thresholds",
			html: chart({
				title: "False accepts an hour by threshold",
				x: thresholds,
				y: {
					name: "an hour",
					low: 0,
					high: most,
					ticks: [0, most / 4, most / 2, (3 * most) / 4, most],
					text: (value) => value.toFixed(most < 4 ? 1 : 0),
				},
				lines: [
					{
						name: "false accepts",
						colour: "var(--bad)",
						points: report.sweep.map((point) => [point.threshold, point.per_hour] as const),
					},
				],
				upright: { x: report.model.decision.threshold, text: `device, ${report.model.decision.threshold}` },
			}),
		},
		{
			title: "What was named",
			lead: named.length === 0 ? "Nothing was." : "Press a head to sort.",
			html: named.length === 0 ? "" : table(["file", "at", "heard", "score"], named),
		},
	];
	const figures: Figure[] = [
		{
			name: "false accepts an hour",
			value: report.per_hour.toFixed(2),
			note: `95 %: below ${report.upper.toFixed(2)}`,
		},
		{ name: "false accepts", value: String(report.count), note: `in ${report.files} files` },
		{ name: "hours", value: report.hours.toFixed(2), note: "in which nothing is to be named" },
	];
	return page("False accepts", aboutModel(report), figures, sections, command);
}
