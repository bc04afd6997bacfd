/* A page in one file: no script from elsewhere, light and dark as the reader has it, readable on a phone and on paper. */

/** Text as HTML. */
export const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Numbers in SVG: as many digits as can be seen. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** A picture of that size that shrinks with the page; `title` says what it shows to those who do not see it. */
export const picture = (width: number, height: number, title: string, parts: readonly string[]): string =>
	`<svg viewBox="0 0 ${width} ${at(height)}" width="${width}" role="img" aria-label="${escaped(title)}">` +
	`${parts.join("")}</svg>`;

/** Text in a picture; `more` are further attributes. */
export const words = (x: number, y: number, text: string, more = ""): string =>
	`<text x="${at(x)}" y="${at(y)}"${more === "" ? "" : ` ${more}`}>${escaped(text)}</text>`;

export interface Figure {
	/** What it is the figure of. */
	readonly name: string;
	readonly value: string;
	/** An interval, or how it was counted. */
	readonly note: string;
	/** Whether it is a figure to be proud of, to be looked at, or neither. */
	readonly tone?: "good" | "bad";
}

export interface Section {
	readonly title: string;
	/** A sentence on how to read it. */
	readonly lead?: string;
	readonly html: string;
}

const style = `
:root { color-scheme: light dark; --paper: #fbfbf9; --ink: #1c1e21; --faint: #6b7075; --line: #dcdcd6; --card: #fff;
	--accent: #1f6f8b; --good: #2f7d4f; --bad: #c0492f; --warn: #b7791f;
	--right: 31, 111, 139; --wrong: 192, 73, 47; --neither: 120, 125, 130; }
@media (prefers-color-scheme: dark) { :root { --paper: #15171a; --ink: #e6e6e3; --faint: #94999e; --line: #33373c; --card: #1d2024;
	--accent: #5cb3d1; --good: #5fbf85; --bad: #ec7a5f; --warn: #e0ab4f;
	--right: 92, 179, 209; --wrong: 236, 122, 95; --neither: 148, 153, 158; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 44px 0 4px; }
p { margin: 4px 0 12px; color: var(--faint); max-width: 75ch; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 12px; margin: 22px 0 0; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.figure b { display: block; font-size: 26px; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
.figure span { display: block; color: var(--faint); font-size: 13px; }
.good b { color: var(--good); } .bad b { color: var(--bad); }
.scroll { overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px; }
.many { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 20px; }
svg { display: block; max-width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .faint { fill: var(--faint); }
svg .grid { stroke: var(--line); stroke-width: 1; fill: none; }
svg .curve { stroke: var(--accent); stroke-width: 2; fill: none; }
svg .mark { fill: var(--accent); } svg .bad { fill: var(--bad); } svg .limit { stroke: var(--bad); stroke-dasharray: 4 3; }
svg .warning { stroke: var(--warn); stroke-dasharray: 4 3; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 12px 4px 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--faint); font-weight: 500; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th button::after { content: " \\2195"; opacity: 0.5; }
th[aria-sort=ascending] button::after { content: " \\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: " \\2193"; opacity: 1; }
td.number { text-align: right; } td.wrong { color: var(--bad); }
.heat td, .heat th { padding: 2px 4px; text-align: center; border: 1px solid var(--paper); min-width: 30px; font-size: 12px; }
.heat th { writing-mode: initial; } .heat thead th { vertical-align: bottom; }
.heat thead th span { writing-mode: vertical-rl; transform: rotate(180deg); }
.heat tbody th { text-align: right; padding-right: 8px; }
.key { color: var(--faint); font-size: 13px; margin: 2px 0 0; }
.key i { display: inline-block; width: 14px; height: 3px; vertical-align: middle; margin: 0 6px 0 14px; }
footer { margin-top: 48px; color: var(--faint); font-size: 13px; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } .figure, svg, tr { break-inside: avoid; } }
`;

/** Sorts a table by the column whose head is pressed: numbers as numbers. */
const script = `
for (const table of document.querySelectorAll("table.sortable"))
	table.tHead.addEventListener("click", (event) => {
		const head = event.target.closest("th");
		if (!head) return;
		const up = head.getAttribute("aria-sort") !== "ascending";
		for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
		head.setAttribute("aria-sort", up ? "ascending" : "descending");
		const key = (row) => row.cells[head.cellIndex].dataset.value ?? row.cells[head.cellIndex].textContent;
		const compare = (a, b) => (isNaN(a) || isNaN(b) || a === "" || b === "" ? a.localeCompare(b) : a - b);
		const rows = [...table.tBodies[0].rows].sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b)));
		table.tBodies[0].append(...rows);
	});
`;

/**
 * The page as HTML.
 * @param about a line below the title
 * @param how what was run, at its foot
 */
export function page(
	title: string,
	about: string,
	figures: readonly Figure[],
	sections: readonly Section[],
	how: string,
): string {
	const cards = figures.map(
		({ name, value, note, tone = "" }) =>
			`<div class="figure ${tone}"><span>${escaped(name)}</span><b>${escaped(value)}</b><span>${escaped(note)}</span></div>`,
	);
	const parts = sections.map(
		({ title, lead, html }) =>
			`<section><h2>${escaped(title)}</h2>${lead === undefined ? "" : `<p>${escaped(lead)}</p>`}${html}</section>`,
	);
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
<div class="figures">${cards.join("")}</div>
${parts.join("\n")}
<footer>${escaped(how)}</footer>
</main>
<script>${script}</script>
</html>
`;
}
