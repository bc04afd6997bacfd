/* Files that a test of the build makes inside the project, where the compiler sees them, and takes away again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../../tools/build/clang.ts";

export class Fixture {
	/** From the project's root. */
	readonly folder: string;

	constructor() {
		mkdirSync(join(root, "build/test"), { recursive: true });
		this.folder = `build/test/${basename(mkdtempSync(join(root, "build/test/fixture-")))}`;
	}

	/** Writes a file; its path from the project's root. */
	write(name: string, text: string): string {
		writeFileSync(join(root, this.folder, name), text);
		return `${this.folder}/${name}`;
	}

	remove(): void {
		rmSync(join(root, this.folder), { recursive: true });
	}
}
