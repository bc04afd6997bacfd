/* The report on keywords as text for people. */
import { bar, columns, grouped, paint } from "../terminal.ts";
import type { KeywordReport, StreamReport } from "./keyword.ts";
import { type FalseAccepts, NONE, type Rated } from "./keyword-score.ts";

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const range = ([low, high]: readonly [number, number]) => `${(100 * low).toFixed(1)} to ${percent(high)}`;
const bold = (text: string) => paint(process.stdout, "bold", text);
const dim = (text: string) => paint(process.stdout, "dim", text);

/** Columns of texts: the first aligned left, the others right. */
export function tabulate(rows: readonly (readonly string[])[], indent = "  "): string {
	const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
	const cell = (text: string, i: number) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!));
	return rows.map((row) => `${indent}${row.map(cell).join("  ")}`.trimEnd()).join("\n");
}

export function hourly({ count, hours, per_hour, upper }: FalseAccepts): string {
	const length = hours < 0.5 ? `${(60 * hours).toFixed(1)} minutes` : `${hours.toFixed(2)} hours`;
	return `${count} in ${length}: ${per_hour.toFixed(2)} an hour (95 %: below ${upper.toFixed(2)})`;
}

/** The report as lines; wide tables only where there is room. */
export function keywordText(report: KeywordReport): string {
	const { files, known, others, silence, model } = report;
	const width = columns(process.stdout) ?? 120;
	const { threshold, smoothing, stride, refractory } = model.decision;
	const parts = [
		`${bold(percent(report.accuracy))} right  ${percent(report.wrong)} wrong  ${percent(report.unknown)} unknown   ` +
			dim(`of ${grouped(files)} files; right in 95 % of cases: ${range(report.interval)}`),
		dim(
			`model ${model.name} ${model.version}, threshold ${threshold}, mean of ${smoothing} runs, ` +
				`one every ${stride} frames, refractory ${refractory} s`,
		),
		"",
		tabulate([
			...(known.files
				? [["words it knows", `${percent(known.accuracy)} right`, `of ${grouped(known.files)}`, range(known.interval)]]
				: []),
			...(others.files
				? [
						[
							"other words",
							`${percent(others.rate)} given a keyword`,
							`of ${grouped(others.files)}`,
							range(others.interval),
						],
					]
				: []),
			...(known.files || others.files ? [] : [["no word is said in any file", "", "", ""]]),
		]),
	];
	if (silence.files > 0) parts.push(`  false accepts in silence and noise: ${hourly(silence)}`);
	parts.push("", bold("By label"), labelTable(report, width));
	const speakers = speakerLines(report.speakers);
	if (speakers !== undefined) parts.push("", bold("By speaker"), speakers);
	parts.push("", bold("Thresholds"), sweepTable(report), "", bold("What was heard instead"), mistakes(report));
	return parts.join("\n");
}

function labelTable({ labels }: KeywordReport, width: number): string {
	const rows = Object.entries(labels).map(([label, of]) => [
		label,
		...[of.files, of.right, of.wrong, of.unknown].map(String),
		percent(of.accuracy),
		range(of.interval),
		...(width >= 90 ? [bar(of.accuracy, 20)] : []),
	]);
	const head = ["label", "files", "right", "wrong", "unknown", "", "95 %", ...(width >= 90 ? [""] : [])];
	return tabulate([head, ...rows]);
}

/** Speakers with this many files, or all of them when none has, are ranked. */
const ENOUGH = 10;

/** The speakers that are ranked, worst first. */
export function ranked(speakers: Readonly<Record<string, Rated>>): { name: string; of: Rated }[] {
	const all = Object.entries(speakers).map(([name, of]) => ({ name, of }));
	const enough = all.filter(({ of }) => of.files >= ENOUGH);
	return (enough.length >= 2 ? enough : all).sort((a, b) => a.of.accuracy - b.of.accuracy || b.of.files - a.of.files);
}

function speakerLines(speakers: KeywordReport["speakers"]): string | undefined {
	const order = ranked(speakers);
	if (order.length < 2) return undefined;
	const line = (what: string, at: number) => {
		const { name, of } = order[at]!;
		return [what, percent(of.accuracy), `${of.right} of ${of.files}`, name];
	};
	const few = Object.keys(speakers).length - order.length;
	return [
		tabulate([
			line("worst", 0),
			line("lower quarter", Math.floor(order.length / 4)),
			line("median", Math.floor(order.length / 2)),
			line("best", order.length - 1),
		]),
		dim(`  of ${order.length} speakers${few > 0 ? ` with ${ENOUGH} files or more; ${few} have fewer` : ""}`),
	].join("\n");
}

function sweepTable(report: KeywordReport): string {
	const row = (mark: string, { threshold, ...point }: KeywordReport["default"]) => [
		`${threshold.toFixed(3)}${mark}`,
		...[point.accuracy, point.right, point.wrong, point.unknown, point.others].map((share) => percent(share)),
	];
	return [
		tabulate([
			["threshold", "all right", "right", "wrong", "unknown", "others named"],
			...report.sweep
				.filter(({ threshold }) => Math.round(threshold * 100) % 10 === 0 || threshold > 0.9)
				.map((p) => row("", p)),
			row(" device", report.default),
		]),
		dim("  all right: of all files; right, wrong, unknown: of words it knows; others named: of words it does not know"),
	].join("\n");
}

function mistakes({ confusion }: KeywordReport): string {
	const pairs = Object.entries(confusion).flatMap(([label, row]) =>
		Object.entries(row).flatMap(([heard, times]) => (heard === label ? [] : [{ label, heard, times }])),
	);
	const wrong = pairs.filter(({ heard }) => heard !== NONE).sort((a, b) => b.times - a.times);
	if (wrong.length === 0) return "  nothing was";
	const shown = wrong.slice(0, 12).map(({ label, heard, times }) => [`${label} as ${heard}`, String(times)]);
	const rest = wrong.slice(12).reduce((sum, { times }) => sum + times, 0);
	return tabulate([...shown, ...(rest > 0 ? [["other pairs", String(rest)]] : [])]);
}

export function streamText({ files, model, sweep, results, ...all }: StreamReport): string {
	const worst = results.filter(({ named }) => named.length > 0).sort((a, b) => b.named.length - a.named.length);
	return [
		`${bold(all.per_hour.toFixed(2))} false accepts an hour   ${dim(`${hourly(all)}, ${grouped(files)} files`)}`,
		dim(`model ${model.name} ${model.version}, threshold ${model.decision.threshold}`),
		"",
		bold("Thresholds"),
		tabulate([
			["threshold", "false accepts", "an hour", "95 % below"],
			...sweep.map((p) => [p.threshold.toFixed(3), String(p.count), p.per_hour.toFixed(2), p.upper.toFixed(2)]),
		]),
		...(worst.length === 0
			? []
			: [
					"",
					bold("Where"),
					...worst
						.slice(0, 20)
						.map(
							({ file, named }) =>
								`  ${file}  ${named.map(({ t, label }) => `${label} at ${t.toFixed(1)} s`).join(", ")}`,
						),
				]),
	].join("\n");
}
