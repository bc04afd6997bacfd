/* Scores of one recording over time, small, with the limits of warning and alarm. */
import { at, picture, words } from "./page.ts";

export interface Timeline {
	readonly title: string;
	readonly note: string;
	readonly right: boolean;
	readonly points: readonly (readonly [t: number, score: number])[];
}

const WIDTH = 320;
const HEIGHT = 118;
const LEFT = 26;
const TOP = 34;
const BOTTOM = 18;

/** Small pictures side by side, all with the same scale. */
export function timelines(list: readonly Timeline[], limits: { warning: number; alarm: number }): string {
	const highest = Math.max(limits.alarm * 1.2, ...list.flatMap(({ points }) => points.map(([, score]) => score)));
	const longest = Math.max(...list.flatMap(({ points }) => points.map(([t]) => t)));
	const across = (t: number) => LEFT + (t / longest) * (WIDTH - LEFT - 6);
	const up = (score: number) => HEIGHT - BOTTOM - (score / highest) * (HEIGHT - TOP - BOTTOM);
	const frame = [
		`<path class="grid" d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 6}"/>`,
		`<path class="warning" d="M${LEFT} ${at(up(limits.warning))}H${WIDTH - 6}"/>`,
		`<path class="limit" d="M${LEFT} ${at(up(limits.alarm))}H${WIDTH - 6}"/>`,
		words(LEFT - 4, up(0), "0", 'class="faint" text-anchor="end"'),
		words(LEFT - 4, up(highest) + 8, highest.toFixed(0), 'class="faint" text-anchor="end"'),
		words(WIDTH - 6, HEIGHT - 4, `${longest.toFixed(0)} s`, 'class="faint" text-anchor="end"'),
	];
	const pictures = list.map(({ title, note, right, points }) => {
		const line = points.map(([t, score], i) => `${i ? "L" : "M"}${at(across(t))} ${at(up(score))}`).join("");
		// One point alone makes no line.
		const dots = points.length < 3 ? points : [];
		return picture(WIDTH, HEIGHT, `${title}: ${note}`, [
			words(0, 12, title),
			words(0, 27, note, right ? 'class="faint"' : 'class="bad"'),
			...frame,
			`<path class="curve" d="${line}"/>`,
			...dots.map(([t, score]) => `<circle class="mark" r="2.5" cx="${at(across(t))}" cy="${at(up(score))}"/>`),
		]);
	});
	return `<div class="many">${pictures.join("\n")}</div>`;
}
