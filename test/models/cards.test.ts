/* The page beside each model says what its card says: it is what the generator makes of it, to the byte. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../tools/build/clang.ts";

const python = process.env.PYTHON ?? "python3";
const packages = readdirSync(join(root, "models"), { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && readdirSync(join(root, "models", entry.name)).includes("model.json"))
	.map(({ name }) => name);

function missing(): string | undefined {
	const found = spawnSync(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]);
	return found.status === 0 ? undefined : `${python} should be Python 3.10 or later`;
}

/** Runs `cricket-train card --check` on a project's models. */
function check(project: string) {
	const env = { ...process.env, PYTHONPATH: join(project, "models/training") };
	return spawnSync(python, ["-m", "cricket_train", "card", "--check"], { env, encoding: "utf8" });
}

describe("pages of the models", () => {
	const why = missing();
	if (why !== undefined && !process.env.CI) {
		it.skip(`skipped: ${why}`, () => {});
		return;
	}
	const copy = mkdtempSync(join(tmpdir(), "cricket-cards-"));
	afterAll(() => rmSync(copy, { recursive: true }));

	it("are of at least the keyword and the vibration model", () => {
		expect(packages).toEqual(expect.arrayContaining(["keyword", "vibration"]));
	});

	it("are what the generator makes of the cards", () => {
		expect(check(root)).toMatchObject({ status: 0, stderr: "" });
	});

	it("are found out when a card says something else", () => {
		const code = join(copy, "models/training/cricket_train");
		cpSync(join(root, "models/training/cricket_train"), code, { recursive: true });
		for (const name of packages) cpSync(join(root, "models", name), join(copy, "models", name), { recursive: true });
		const file = join(copy, "models/keyword/model.json");
		const card = JSON.parse(readFileSync(file, "utf8"));
		writeFileSync(file, JSON.stringify({ ...card, version: `${card.version}.9` }));
		const found = check(copy);
		expect(found.status).toBe(1);
		expect(found.stderr).toContain("models/keyword/README.md");
		expect(found.stderr).toContain("[page-differs]");
		execFileSync(python, ["-m", "cricket_train", "card"], {
			env: { ...process.env, PYTHONPATH: join(copy, "models/training") },
		});
		expect(check(copy).status).toBe(0);
	});

	it("name every label and every threshold", () => {
		for (const name of packages) {
			const folder = join(root, "models", name);
			const card = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
			const page = readFileSync(join(folder, "README.md"), "utf8");
			for (const label of card.labels) expect(page).toContain(label);
			for (const decision of Object.keys(card.decision)) expect(page).toContain(`\`${decision}\``);
		}
	});
});
