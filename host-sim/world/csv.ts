/*
 * Vibration as a table of text: what loggers, spreadsheets and numpy.savetxt write. One pass over the lines; the values
 * of one column are kept. What separates fields, which column holds the vibration, its unit and the rate are taken from
 * the first lines, and whatever is guessed is said in a note.
 */
import { InputError } from "./error.ts";
import { findLayout, notANumber } from "./layout.ts";
import { overlap, type Recording } from "./signal.ts";
import { Lines, number, split } from "./table.ts";
import { Clock } from "./times.ts";
import { rates } from "./wav.ts";

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
	const layout = findLayout(lines, where, options.rate);
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
		values[length++] = Math.min(32768, Math.max(-32768, step));
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

function checkRate(rate: number | undefined, where: string): void {
	if (rate === undefined)
		throw new InputError("csv-no-rate", `${where}: there is no column of times; give the sample rate with --rate HZ`);
	if (!(rate >= rates.lowest && rate <= rates.highest))
		throw new InputError(
			"csv-bad-rate",
			`${where}: a rate of ${rate} Hz, ${rates.lowest} to ${rates.highest} Hz can be used; correct --rate`,
		);
}
