/*
 * Vibration as a table of text: what loggers, spreadsheets and numpy.savetxt write. One pass over the lines; the values
 * of one column are kept. What separates fields, which column holds the vibration, its unit and the rate are taken from
 * the first lines, and whatever is guessed is said in a note.
 */
import { InputError } from "./error.ts";
import { overlap, type Recording } from "./signal.ts";
import { rates } from "./wav.ts";

const STANDARD_GRAVITY = 9.80665;
/** A table this long is better kept as WAV: 256 MB are some 3 hours at 12 kHz. */
const LARGEST = 256 * 1024 * 1024;

export interface CsvOptions {
	/** Names the file in messages. */
	readonly where: string;
	/** Hz; without it the table must have a column of times. */
	readonly rate?: number | undefined;
	/** g at which the sensor's converter is full. */
	readonly fullScale: number;
}

/**
 * Reads a table: fields between commas, semicolons, tabs or spaces, decimal commas where a comma does not separate
 * fields, lines that begin with # or % skipped. A header is optional; without one the only column, or the first that is not
 * an even time, is taken, in g. With one, the column named x, acc..., vib..., g or value, or the first that is not a
 * time or a count; m/s^2 and mg in the header or in a line of units below it are converted.
 * @throws InputError csv-empty, csv-not-a-number, csv-no-column, csv-no-rate, csv-bad-rate, csv-bad-time, csv-too-large, csv-not-text
 */
export function readCsv(bytes: Uint8Array, options: CsvOptions): Recording {
	const { where, fullScale } = options;
	const lines = new Lines(decode(bytes, where));
	const layout = findLayout(lines, options);
	const clock = options.rate === undefined && layout.time !== undefined ? new Clock(where, layout) : undefined;
	if (clock === undefined) checkRate(options.rate, where);

	const scale = (layout.perUnit / fullScale) * 32768;
	let values = new Float32Array(1024);
	let length = 0;
	let clipped = 0;
	for (const line of lines.from(layout.firstRow)) {
		const fields = split(line, layout.separator);
		const value = number(fields[layout.column], layout.separator);
		if (!Number.isFinite(value)) throw notANumber(where, lines.number, layout, fields[layout.column]);
		clock?.tick(fields, lines.number);
		const step = value * scale;
		if (Math.abs(step) > 32768) clipped++;
		if (length === values.length) {
			const larger = new Float32Array(length * 2);
			larger.set(values);
			values = larger;
		}
		values[length++] = step;
	}
	if (length === 0) throw new InputError("csv-empty", `${where}: there are no values; give a file that has some`);
	const rate = clock?.rate() ?? (options.rate as number);
	const notes = [...layout.notes];
	if (clipped > 0)
		notes.push(`${where}: ${clipped} of ${length} values beyond the sensor's full scale of ${fullScale} g are clipped`);
	const kept = values.subarray(0, length);
	return {
		rate,
		length,
		notes,
		read(start, to) {
			to.fill(0);
			const { from, end } = overlap(start, to.length, length);
			if (end > from) to.set(kept.subarray(from, end), from - start);
		},
	};
}

function decode(bytes: Uint8Array, where: string): string {
	if (bytes.length > LARGEST)
		throw new InputError(
			"csv-too-large",
			`${where}: ${Math.round(bytes.length / 1e6)} MB of text, at most ${Math.round(LARGEST / 1e6)} MB are read; convert it to WAV`,
		);
	const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
	const text = new TextDecoder(wide ? "utf-16le" : "utf-8").decode(bytes);
	const nul = text.indexOf("\0");
	if (nul >= 0)
		throw new InputError(
			"csv-not-text",
			`${where}: neither WAV nor text: a zero byte after ${nul} characters; give a WAV file or a table of text`,
		);
	return text;
}

/** Lines that hold something, with their numbers from 1. */
class Lines {
	/** Of the line that was given last. */
	number = 0;
	readonly #text: string;
	readonly #end: string;

	constructor(text: string) {
		this.#text = text;
		this.#end = text.includes("\n") ? "\n" : "\r";
	}

	/** Lines from the one of that number on, without blank lines and comments. */
	*from(first: number): Generator<string> {
		this.number = 0;
		for (let at = 0; at < this.#text.length; ) {
			const next = this.#text.indexOf(this.#end, at);
			const end = next < 0 ? this.#text.length : next;
			this.number++;
			if (this.number >= first) {
				const line = this.#text.slice(at, end).trim();
				if (line !== "" && !/^[#%]/.test(line)) yield this.#text.slice(at, end).replace(/\r$/, "");
			}
			at = end + 1;
		}
	}
}

type Separator = ";" | "\t" | "," | " ";

interface Layout {
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

/** Rows that are looked at to tell a column of times from one of values when nothing says so. */
const LOOK_AHEAD = 64;

function findLayout(lines: Lines, { where, rate }: CsvOptions): Layout {
	let separator: Separator | undefined;
	let header: string[] | undefined;
	let units: string[] = [];
	let firstRow = 0;
	const rows: string[][] = [];
	for (const line of lines.from(1)) {
		const declared = /^sep=([;,\t])\s*$/i.exec(line);
		if (declared !== null && separator === undefined) {
			separator = declared[1] as Separator;
			continue;
		}
		separator ??= line.includes(";") ? ";" : line.includes("\t") ? "\t" : line.includes(",") ? "," : " ";
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
	if (separator === undefined || row === undefined)
		throw new InputError("csv-empty", `${where}: there are no values; give a file that has some`);
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
	if (header.length === 1) return { column: at(() => true), time: undefined };
	return {
		column: at(isVibration) ?? at((name) => !isTime(name) && !isCount(name)),
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
	if (/m\s*\/\s*s|m[·*. ]?s\^?[-−⁻]|mps2|[^a-z]ms2\b|_ms2\b/.test(text))
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

/** Follows the column of times: it must go up evenly, or samples are missing. */
class Clock {
	readonly #where: string;
	readonly #layout: Layout;
	#first = 0;
	#last = 0;
	#count = 0;
	#widest = 0;
	#widestLine = 0;
	#digits = 0;

	constructor(where: string, layout: Layout) {
		this.#where = where;
		this.#layout = layout;
	}

	tick(fields: string[], line: number): void {
		const field = fields[this.#layout.time!];
		const time = number(field, this.#layout.separator);
		if (!Number.isFinite(time))
			throw new InputError(
				"csv-bad-time",
				`${this.#where}:${line}: ${quote(field)} is not a time in seconds; correct it, or give --rate`,
			);
		if (this.#count === 0) this.#first = time;
		else {
			const step = time - this.#last;
			if (step < 0)
				throw new InputError(
					"csv-bad-time",
					`${this.#where}:${line}: the time steps back, from ${this.#last} to ${time}; correct it, or give --rate`,
				);
			if (step > this.#widest) {
				this.#widest = step;
				this.#widestLine = line;
			}
		}
		this.#digits = Math.max(this.#digits, decimals(field!));
		this.#last = time;
		this.#count++;
	}

	rate(): number {
		const seconds = (this.#last - this.#first) * this.#layout.secondsPerUnit;
		if (this.#count < 2 || seconds <= 0)
			throw new InputError("csv-no-rate", `${this.#where}: the times do not tell the rate; give it with --rate HZ`);
		const mean = (this.#last - this.#first) / (this.#count - 1);
		// Times are printed to so many digits: a step may look longer by one unit of the last of them.
		if (this.#widest > 1.5 * mean + 10 ** -this.#digits)
			throw new InputError(
				"csv-bad-time",
				`${this.#where}:${this.#widestLine}: a step of ${this.#widest} where ${Number(mean.toPrecision(3))} is usual: ` +
					"samples are missing; cut the file there, or give --rate to play it as it is",
			);
		const measured = (this.#count - 1) / seconds;
		const whole = Math.round(measured);
		const rate = Math.abs(measured - whole) <= whole * 1e-4 ? whole : measured;
		if (rate < rates.lowest || rate > rates.highest)
			throw new InputError(
				"csv-bad-rate",
				`${this.#where}: the times say ${Number(rate.toPrecision(4))} Hz, ${rates.lowest} to ${rates.highest} Hz can be used; ` +
					"name the unit in the header, as in time_ms, or give --rate",
			);
		return rate;
	}
}

function checkRate(rate: number | undefined, where: string): void {
	if (rate === undefined)
		throw new InputError("csv-no-rate", `${where}: there is no column of times; give the sample rate with --rate HZ`);
	if (!(rate >= rates.lowest && rate <= rates.highest))
		throw new InputError(
			"csv-bad-rate",
			`${where}: a rate of ${rate} Hz, ${rates.lowest} to ${rates.highest} Hz can be used; correct --rate`,
		);
}

function split(line: string, separator: Separator): string[] {
	const fields = separator === " " ? line.trim().split(/\s+/) : line.split(separator);
	return line.includes('"') ? fields.map((field) => field.trim().replace(/^"(.*)"$/, "$1")) : fields;
}

/** NaN when the field is no decimal number. */
function number(field: string | undefined, separator: Separator): number {
	if (field === undefined) return Number.NaN;
	let text = field.trim();
	if (separator !== ",") text = text.replace(",", ".");
	return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

const isNumber = (field: string | undefined, separator: Separator) => !Number.isNaN(number(field, separator));

/** A header has a field that is a name: no number, and not what stands for a missing one. */
function isHeader(fields: string[], separator: Separator): boolean {
	return (
		fields.every((field) => !isNumber(field, separator)) &&
		fields.some((field) => !/^\s*([+-]?(nan|inf|infinity)|null|n\/?a|)\s*$/i.test(field))
	);
}

function decimals(field: string): number {
	const [, fraction = "", exponent = "0"] = /[.,](\d*)(?:e([+-]?\d+))?/i.exec(field) ?? [];
	return fraction.length - Number(exponent);
}

const quote = (field: string | undefined) =>
	field === undefined ? "a missing field" : JSON.stringify(field.length > 24 ? `${field.slice(0, 24)}...` : field);

function notANumber(where: string, line: number, layout: Layout | undefined, field: string | undefined): InputError {
	const column = layout === undefined ? "" : `, in "${layout.columnName}",`;
	return new InputError(
		"csv-not-a-number",
		`${where}:${line}: ${quote(field)}${column} is not a number; correct the line, or remove it`,
	);
}
