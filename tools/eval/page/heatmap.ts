/* A confusion matrix whose cells are the darker the more of their row they hold. */
import { escaped } from "./page.ts";

export type Confusion = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Whether it is right to hear that; undefined when it is neither right nor wrong. */
export type IsRight = (label: string, heard: string) => boolean | undefined;

const tones = { true: "right", false: "wrong", undefined: "neither" } as const;

/** @param order of columns, as far as they occur; what else was heard comes after them */
export function heatmap(confusion: Confusion, order: readonly string[], isRight: IsRight): string {
	const heard = new Set(Object.values(confusion).flatMap((row) => Object.keys(row)));
	const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
	const sorted = (names: Iterable<string>) => [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
	const columns = sorted(heard);
	const head = columns.map((name) => `<th scope="col"><span>${escaped(name)}</span></th>`).join("");
	const rows = sorted(Object.keys(confusion)).map((label) => {
		const row = confusion[label]!;
		const total = Object.values(row).reduce((sum, times) => sum + times, 0);
		const cells = columns.map((name) => {
			const times = row[name] ?? 0;
			if (times === 0) return "<td></td>";
			const share = times / total;
			const tone = tones[`${isRight(label, name)}`];
			const shade = `background: rgba(var(--${tone}), ${(0.1 + 0.7 * share).toFixed(2)})`;
			const text = `${label} heard as ${name}: ${times} of ${total}`;
			return `<td style="${shade}" title="${escaped(text)}">${times}</td>`;
		});
		return `<tr><th scope="row">${escaped(label)}</th>${cells.join("")}<td>${total}</td></tr>`;
	});
	const heads = `<thead><tr><th></th>${head}<th><span>all</span></th></tr></thead>`;
	return `<div class="scroll"><table class="heat">${heads}<tbody>${rows.join("")}</tbody></table></div>`;
}
