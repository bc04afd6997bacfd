/* A table of text: its lines, the fields of a line, the numbers in fields. */

/** Lines that hold something, with their numbers from 1. */
export class Lines {
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

/** What stands between fields; a line feed when there is only one field in a line. */
export type Separator = ";" | "\t" | "," | " " | "\n";

/** What Excel writes and understands in the first line. */
export const declaration = /^sep=([;,\t])\s*$/i;

/** Lines that are looked at to find out how a table is laid out. */
export const LOOK_AHEAD = 64;

/** What separates fields. Judged by a line of values: headers have commas and spaces of their own. */
export function findSeparator(lines: Lines): Separator {
	let sample = "";
	let seen = 0;
	for (const line of lines.from(1)) {
		const declared = declaration.exec(line);
		if (declared !== null && seen === 0) return declared[1] as Separator;
		const values = /^\s*"?[-+.,;\d]/.test(line);
		if (values || seen === 0) sample = line;
		if (values || ++seen === LOOK_AHEAD) break;
	}
	for (const separator of [";", "\t", ","] as const) if (sample.trim().includes(separator)) return separator;
	return /\s/.test(sample.trim()) ? " " : "\n";
}

/** The fields of a line, without quotes. */
export function split(line: string, separator: Separator): string[] {
	const fields = separator === " " ? line.trim().split(/\s+/) : line.split(separator);
	return line.includes('"') ? fields.map((field) => field.trim().replace(/^"(.*)"$/, "$1")) : fields;
}

/** NaN when the field is no decimal number. */
export function number(field: string | undefined, separator: Separator): number {
	if (field === undefined) return Number.NaN;
	let text = field.trim();
	if (separator !== ",") text = text.replace(",", ".");
	return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

export const isNumber = (field: string | undefined, separator: Separator) => !Number.isNaN(number(field, separator));

/** A field in a message. */
export const quote = (field: string | undefined) =>
	field === undefined ? "a missing field" : JSON.stringify(field.length > 24 ? `${field.slice(0, 24)}...` : field);
