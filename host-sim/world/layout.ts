/* Which column of a table holds the vibration, which the times, and in what units: from names, or from the values. */
import { InputError } from "./error.ts";
import {
	declaration,
	findSeparator,
	isNumber,
	type Lines,
	LOOK_AHEAD,
	number,
	quote,
	type Separator,
	split,
} from "./table.ts";

const STANDARD_GRAVITY = 9.80665;

/** How a table is to be read. */
export interface Layout {
	separator: Separator;
	/** Number of the first line with values. */
	firstRow: number;
	column: number;
	columnName: string;
	time: number | undefined;
	/** Seconds in one unit of the time column. */
	secondsPerUnit: number;
	/** g in one unit of the column. */
	perUnit: number;
	notes: string[];
}

/**
 * Finds out how a table is to be read.
 * @param where names the file in messages
 * @param rate Hz that was given, which makes times needless
 * @throws InputError csv-empty, csv-not-a-number, csv-no-column
 */
export function findLayout(lines: Lines, where: string, rate: number | undefined): Layout {
	const separator = findSeparator(lines);
	let header: string[] | undefined;
	let units: string[] = [];
	let firstRow = 0;
	const rows: string[][] = [];
	for (const line of lines.from(1)) {
		if (declaration.test(line)) continue;
		const fields = split(line, separator);
		if (rows.length === 0 && isHeader(fields, separator)) {
			if (header === undefined) header = fields;
			else if (units.length === 0 && fields.length === header.length) units = fields;
			else throw notANumber(where, lines.number, undefined, fields[0]);
			continue;
		}
		if (rows.length === 0) firstRow = lines.number;
		if (rows.push(fields) === LOOK_AHEAD) break;
	}
	const [row] = rows;
	if (row === undefined) throw new InputError("csv-empty", `${where}: there are no values; give a file that has some`);
	const found = header === undefined ? unnamed(rows, separator) : named(header, row, separator);
	if (found.column === undefined)
		throw new InputError(
			"csv-no-column",
			`${where}:${firstRow}: no column of numbers; name the one with the vibration "x", "acc" or "value"`,
		);
	const label = (column: number) => `${header?.[column] ?? ""} ${units[column] ?? ""}`;
	const others = row.filter((field, i) => i !== found.column && i !== found.time && isNumber(field, separator)).length;
	const columnName = header?.[found.column]?.trim() || `column ${found.column + 1}`;
	const { perUnit, unit } = unitOf(label(found.column));
	const notes: string[] = [];
	if (others > 0) notes.push(`${where}: "${columnName}" is played, in ${unit}; name the column "x" to choose another`);
	else if (unit !== "g") notes.push(`${where}: "${columnName}" is in ${unit}`);
	if (rate !== undefined && found.time !== undefined)
		notes.push(`${where}: the given rate of ${rate} Hz is used instead of the column of times`);
	return {
		separator,
		firstRow,
		column: found.column,
		columnName,
		time: found.time,
		secondsPerUnit: found.time === undefined ? 1 : secondsOf(label(found.time)),
		perUnit,
		notes,
	};
}

interface Columns {
	column: number | undefined;
	time: number | undefined;
}

/** The name of a column without its unit. */
const bare = (name: string) =>
	name
		.toLowerCase()
		.replace(/[([{].*$/, "")
		.replace(/[_ ](s|sec|ms|us|µs|ns|g|mg|m\/s.*|ms2|mps2)\s*$/, "")
		.trim();
const isTime = (name: string) =>
	/^(t|s|ms|us|sec|secs|time.*|seconds?|date.*|elapsed.*|zeit|.*timestamp)$/.test(bare(name));
const isCount = (name: string) => /^(|#|n|no\.?|nr\.?|id|index|samples?|row|count)$/.test(bare(name));
const isVibration = (name: string) => /^(x|g|values?|acc.*|vib.*)$/.test(bare(name));

function named(header: string[], row: string[], separator: Separator): Columns {
	const numeric = (_: string, i: number) => isNumber(row[i], separator);
	const at = (test: (name: string) => boolean) => {
		const i = header.findIndex((name, column) => test(name) && numeric(name, column));
		return i < 0 ? undefined : i;
	};
	const time = header.findIndex(isTime);
	const meant = header.findIndex(isVibration);
	if (header.length === 1) return { column: at(() => true), time: undefined };
	return {
		column: at(isVibration) ?? (meant < 0 ? at((name) => !isTime(name) && !isCount(name)) : meant),
		time: time < 0 ? undefined : time,
	};
}

/** Without a header: the first column is a time when it goes up in even steps, and a count when the steps are 1. */
function unnamed(rows: string[][], separator: Separator): Columns {
	const numeric = rows[0]!.flatMap((field, i) => (isNumber(field, separator) ? [i] : []));
	const [first, second] = numeric;
	if (first === undefined || second === undefined || rows.length < 3) return { column: first, time: undefined };
	const times = rows.map((fields) => number(fields[first], separator));
	const steps = times.slice(1).map((time, i) => time - times[i]!);
	const mean = (times.at(-1)! - times[0]!) / steps.length;
	const even = mean > 0 && steps.every((step) => step >= 0 && Math.abs(step - mean) <= mean);
	if (!even) return { column: first, time: undefined };
	return { column: second, time: steps.every((step) => step === 1) ? undefined : first };
}

function unitOf(label: string): { perUnit: number; unit: string } {
	const text = label.toLowerCase();
	if (/(^|[^a-z])m\s*\/\s*s|m[·*. ]?s\^?[-−⁻]|mps2|[^a-z]ms2\b|_ms2\b/.test(text))
		return { perUnit: 1 / STANDARD_GRAVITY, unit: "m/s^2" };
	if (/(^|[^a-z])(mg|milli-?g)([^a-z]|$)/.test(text)) return { perUnit: 1e-3, unit: "mg" };
	return { perUnit: 1, unit: "g" };
}

function secondsOf(label: string): number {
	const unit = /(^|[^a-zµμ])(ms|msec|milliseconds?|us|µs|μs|usec|microseconds?|ns|nanoseconds?)([^a-z]|$)/.exec(
		label.toLowerCase(),
	);
	const letter = unit?.[2]?.startsWith("mic") ? "u" : unit?.[2]?.[0];
	return letter === undefined ? 1 : letter === "m" ? 1e-3 : letter === "n" ? 1e-9 : 1e-6;
}

/** A header has a field that is a name: no number, and not what stands for a missing one. */
function isHeader(fields: string[], separator: Separator): boolean {
	return (
		fields.every((field) => !isNumber(field, separator)) &&
		fields.some((field) => !/^\s*([+-]?(nan|inf|infinity)|null|n\/?a|)\s*$/i.test(field))
	);
}

/** The error for a value that is none. */
export function notANumber(
	where: string,
	line: number,
	layout: Layout | undefined,
	field: string | undefined,
): InputError {
	const column = layout === undefined ? "" : `, in "${layout.columnName}",`;
	return new InputError(
		"csv-not-a-number",
		`${where}:${line}: ${quote(field)}${column} is not a number; correct the line, or remove it`,
	);
}
