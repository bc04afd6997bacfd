/* One dot for each of many, along a share from 0 to 1: how far they spread, and who is the worst. */
import { at, escaped, picture, words } from "./page.ts";

export interface Dot {
	readonly name: string;
	/** 0 to 1 */
	readonly value: number;
	/** Of how many; the dot's area. */
	readonly weight: number;
	readonly text: string;
}

const WIDTH = 720;
const EDGE = 24;
const RADIUS = 9;

export function strip(title: string, dots: readonly Dot[]): string {
	const least = Math.min(...dots.map(({ value }) => value));
	const low = Math.max(0, Math.floor(10 * least - 0.001) / 10);
	const most = Math.max(...dots.map(({ weight }) => weight));
	const across = (value: number) => EDGE + ((value - low) / (1 - low || 1)) * (WIDTH - 2 * EDGE);
	const rows: number[] = [];
	// Dots that would lie on one another are stacked.
	const placed = [...dots]
		.sort((a, b) => a.value - b.value)
		.map((dot) => {
			const x = across(dot.value);
			const radius = Math.max(2.5, RADIUS * Math.sqrt(dot.weight / most) * Math.min(1, 8 / Math.sqrt(dots.length)));
			let row = rows.findIndex((end) => end <= x - radius);
			if (row < 0) row = rows.push(0) - 1;
			rows[row] = x + radius;
			return { ...dot, x, row, radius };
		});
	const pitch = 2 * Math.max(...placed.map(({ radius }) => radius)) + 1;
	const height = Math.max(1, rows.length) * pitch + 40;
	const ticks = Array.from({ length: 6 }, (_, i) => low + ((1 - low) * i) / 5);
	const scale = ticks.map(
		(tick) =>
			`<path class="grid" d="M${at(across(tick))} 6V${at(height - 24)}"/>` +
			words(across(tick), height - 8, `${Math.round(tick * 100)} %`, 'class="faint" text-anchor="middle"'),
	);
	const marks = placed.map(({ x, row, radius, text }) => {
		const place = `r="${at(radius)}" cx="${at(x)}" cy="${at(height - 34 - pitch / 2 - row * pitch)}"`;
		return `<circle class="mark" fill-opacity="0.75" ${place}><title>${escaped(text)}</title></circle>`;
	});
	return picture(WIDTH, height, title, [...scale, ...marks]);
}
