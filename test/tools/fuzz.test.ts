/* `make fuzz` for a few seconds: the fuzzer builds, knows its seeds, and finds nothing. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whether there is a clang that can link a fuzzer; in CI there must be. */
function fuzzerPresent(): boolean {
	const folder = mkdtempSync(join(tmpdir(), "cricket-fuzz-"));
	const source = join(folder, "empty.c");
	writeFileSync(source, "int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { (void)d, (void)n; return 0; }\n");
	const { status } = spawnSync(process.env.CLANG ?? "clang", [
		"-fsanitize=fuzzer,address",
		source,
		"-o",
		`${source}.out`,
	]);
	rmSync(folder, { recursive: true });
	if (status === 0) return true;
	if (process.env.CI) throw new Error("no clang with libFuzzer: .ci/run installs it");
	console.warn("skipped: no clang with libFuzzer (Debian: clang, libclang-rt-14-dev)");
	return false;
}

it.skipIf(!fuzzerPresent())(
	"finds nothing in ten seconds",
	() => {
		const fuzz = ["--import", "tsx", "tools/build/fuzz.ts", "--seconds", "10"];
		const output = execFileSync(process.execPath, fuzz, {
			cwd: root,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
		});
		expect(output).toBe("nothing found\n");
	},
	300_000,
);

it("refuses a time that is none", () => {
	const fuzz = ["--import", "tsx", "tools/build/fuzz.ts", "--seconds", "soon"];
	const { status, stderr } = spawnSync(process.execPath, fuzz, { cwd: root, encoding: "utf8" });
	expect(status).toBe(1);
	expect(stderr).toContain("SECONDS must be a whole number above 0, not soon");
});
