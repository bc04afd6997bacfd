/* Lines over two axes. */
import { at, escaped, picture, words } from "./page.ts";

export interface Line {
	readonly name: string;
	readonly points: readonly (readonly [x: number, y: number])[];
	/** CSS colour. */
	readonly colour: string;
}

export interface Axis {
	readonly name: string;
	readonly low: number;
	readonly high: number;
	readonly ticks: readonly number[];
	/** How a tick is written. */
	readonly text: (value: number) => string;
}

export interface Chart {
	readonly title: string;
	readonly x: Axis;
	readonly y: Axis;
	readonly lines: readonly Line[];
	/** Points that stand out, with what is written beside them. */
	readonly marks?: readonly { readonly x: number; readonly y: number; readonly text: string }[];
	/** A value of x that is marked from top to bottom. */
	readonly upright?: { readonly x: number; readonly text: string };
	readonly height?: number;
}

const WIDTH = 480;
const LEFT = 52;
const RIGHT = 24;
const TOP = 14;
const BOTTOM = 40;

export const percentAxis = (name: string, low = 0, high = 1): Axis => ({
	name,
	low,
	high,
	ticks: Array.from({ length: 6 }, (_, i) => low + ((high - low) * i) / 5),
	text: (value) => `${Math.round(1000 * value) / 10} %`,
});

export function chart({ title, x, y, lines, marks = [], upright, height = 300 }: Chart): string {
	const across = (value: number) => LEFT + ((value - x.low) / (x.high - x.low)) * (WIDTH - LEFT - RIGHT);
	const up = (value: number) => height - BOTTOM - ((value - y.low) / (y.high - y.low)) * (height - TOP - BOTTOM);
	const parts: string[] = [];
	for (const tick of x.ticks)
		parts.push(
			`<path class="grid" d="M${at(across(tick))} ${TOP}V${height - BOTTOM}"/>`,
			words(across(tick), height - BOTTOM + 16, x.text(tick), 'class="faint" text-anchor="middle"'),
		);
	for (const tick of y.ticks)
		parts.push(
			`<path class="grid" d="M${LEFT} ${at(up(tick))}H${WIDTH - RIGHT}"/>`,
			words(LEFT - 6, up(tick) + 4, y.text(tick), 'class="faint" text-anchor="end"'),
		);
	if (upright)
		parts.push(
			`<path class="limit" d="M${at(across(upright.x))} ${TOP}V${height - BOTTOM}"/>`,
			words(across(upright.x) - 5, TOP + 12, upright.text, 'text-anchor="end"'),
		);
	for (const { points, colour } of lines) {
		const path = points.map(([px, py], i) => `${i ? "L" : "M"}${at(across(px))} ${at(up(py))}`).join("");
		parts.push(`<path class="curve" style="stroke:${colour}" d="${path}"/>`);
	}
	for (const mark of marks) {
		const left = mark.x > x.low + 0.6 * (x.high - x.low);
		parts.push(
			`<circle class="bad" r="5" cx="${at(across(mark.x))}" cy="${at(up(mark.y))}"/>`,
			words(
				across(mark.x) + (left ? -9 : 9),
				Math.min(up(mark.y) + 16, height - BOTTOM - 6),
				mark.text,
				left ? 'text-anchor="end"' : "",
			),
		);
	}
	parts.push(words((LEFT + WIDTH - RIGHT) / 2, height - 6, x.name, 'class="faint" text-anchor="middle"'));
	const names = lines.map(({ name, colour }) => `<i style="background:${colour}"></i>${escaped(name)}`);
	const key = lines.length < 2 ? "" : `<p class="key">${names.join("")}</p>`;
	return `<div>${picture(WIDTH, height, title, parts)}${key}</div>`;
}
