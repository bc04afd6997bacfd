/* How commands write: colours only where a person looks, lines no wider than the terminal, progress only on one. */
import { styleText } from "node:util";

type Style = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";
export type Stream = NodeJS.WriteStream & { fd: 1 | 2 };

/** Colours the text if `stream` is a terminal that wants colours (https://no-color.org). */
export function paint(stream: Stream, style: Style, text: string): string {
	const wanted = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
	return wanted ? styleText(style, text) : text;
}

/** Columns of the terminal, or what COLUMNS says; undefined when the output goes elsewhere. */
export function columns(stream: Stream): number | undefined {
	const told = Number(process.env.COLUMNS);
	if (Number.isInteger(told) && told >= 20) return told;
	return stream.isTTY ? Math.max(20, stream.columns ?? 80) : undefined;
}

/** Breaks a text at spaces so that no line is wider; words that are wider themselves stay whole. */
export function wrap(text: string, width: number | undefined, indent = ""): string {
	if (width === undefined) return text;
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (longer.length > width && line !== "") {
			lines.push(line);
			line = indent + word;
		} else line = longer;
	}
	return [...lines, line].join("\n");
}

/** A message on stderr, wrapped to the terminal. */
export function say(text: string): void {
	process.stderr.write(`${wrap(text, columns(process.stderr), "  ")}\n`);
}

/** A warning on stderr. */
export function warn(text: string): void {
	const lines = wrap(`warning: ${text}`, columns(process.stderr), "  ");
	process.stderr.write(`${lines.replace("warning:", paint(process.stderr, "yellow", "warning:"))}\n`);
}

/** `12,345` */
export const grouped = (value: number) =>
	Math.round(value)
		.toString()
		.replace(/\B(?=(\d{3})+$)/g, ",");

/** A bar of `width` characters, `share` (0 to 1, or beyond) of it full. */
export function bar(share: number, width: number): string {
	const full = Math.round(Math.min(1, Math.max(0, share)) * width);
	return "#".repeat(full) + ".".repeat(width - full);
}

/** A line on stderr that is written over as work goes on. Nothing is written unless stderr is a terminal. */
export class Progress {
	readonly #patience: number;
	readonly #start = performance.now();
	#drawn = 0;
	#shown = false;

	/** @param patience ms to wait before the first drawing: short work needs none */
	constructor(patience = 500) {
		this.#patience = patience;
	}

	/** @param share of the work that is done, 0 to 1 */
	update(share: number, text: string): void {
		const now = performance.now();
		if (!process.stderr.isTTY || now - this.#start < this.#patience || now - this.#drawn < 100) return;
		this.#drawn = now;
		this.#shown = true;
		const width = columns(process.stderr) ?? 80;
		const head = `[${bar(share, Math.min(30, Math.floor(width / 3)))}] ${String(Math.floor(share * 100)).padStart(3)} % `;
		process.stderr.write(`\r\x1b[K${(head + text).slice(0, width - 1)}`);
	}

	/** Takes the line away, before other output and at the end. It comes back with the next update. */
	clear(): void {
		if (!this.#shown) return;
		process.stderr.write("\r\x1b[K");
		this.#shown = false;
		this.#drawn = 0;
	}
}
