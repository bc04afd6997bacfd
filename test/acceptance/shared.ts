/* Recordings of the shared folder beside the project. Tests that need them are left out when it is missing, but not in CI. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { root } from "../../tools/build/clang.ts";

/** A file of the shared folder. */
export const shared = (path: string): string => join(root, "../shared", path);

/** Tests on recordings of the shared folder; one that is skipped and says why when there is no such folder. */
export function describeWithShared(name: string, needs: readonly string[], tests: () => void): void {
	const missing = needs.map(shared).find((path) => !existsSync(path));
	if (missing === undefined) describe(name, tests);
	else
		describe(name, () => {
			const why = `${missing} is missing`;
			if (process.env.CI)
				it("has its recordings", () => {
					throw new Error(`${why}; check out the shared folder beside the project`);
				});
			else it.skip(`skipped: ${why}`, () => {});
		});
}
