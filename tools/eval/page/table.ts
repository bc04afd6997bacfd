/* A table that can be sorted by its heads. */
import { escaped } from "./page.ts";

/** A number is aligned right and sorted as one; `shown` is how it reads. */
export type Cell = string | { readonly value: number; readonly shown: string } | { readonly wrong: string };

export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
	const cell = (content: Cell) => {
		if (typeof content === "string") return `<td>${escaped(content)}</td>`;
		if ("wrong" in content) return `<td class="wrong">${escaped(content.wrong)}</td>`;
		return `<td class="number" data-value="${content.value}">${escaped(content.shown)}</td>`;
	};
	return `<div class="scroll"><table class="sortable"><thead><tr>${heads
		.map((head) => `<th scope="col"><button type="button">${escaped(head)}</button></th>`)
		.join(
			"",
		)}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n")}</tbody></table></div>`;
}
