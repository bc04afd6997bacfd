/* Scores of one recording over time, small, with the limits of warning and alarm. */
import { at, escaped } from "./page.ts";

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
		`<text class="faint" text-anchor="end" x="${LEFT - 4}" y="${at(up(0))}">0</text>`,
		`<text class="faint" text-anchor="end" x="${LEFT - 4}" y="${at(up(highest) + 8)}">${highest.toFixed(0)}</text>`,
		`<text class="faint" text-anchor="end" x="${WIDTH - 6}" y="${HEIGHT - 4}">${longest.toFixed(0)} s</text>`,
	].join("");
	const pictures = list.map(({ title, note, right, points }) => {
		const line = points.map(([t, score], i) => `${i ? "L" : "M"}${at(across(t))} ${at(up(score))}`).join("");
		// One point alone makes no line.
		const dots = points.length < 3 ? points : [];
		return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${escaped(`${title}: ${note}`)}"><text x="0" y="12">${escaped(title)}</text><text x="0" y="27"${right ? ' class="faint"' : ' class="bad"'}>${escaped(note)}</text>${frame}<path class="curve" d="${line}"/>${dots
			.map(([t, score]) => `<circle class="mark" r="2.5" cx="${at(across(t))}" cy="${at(up(score))}"/>`)
			.join("")}</svg>`;
	});
	return `<div class="pair" style="grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr))">${pictures.join("\n")}</div>`;
}
