/* The C toolchain: its errors are the compiler's, and its cache never answers for other sources. */
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, link } from "../../../tools/build/clang.ts";
import { Fixture } from "./fixture.ts";

let files: Fixture;
beforeAll(() => {
	files = new Fixture();
});
afterAll(() => files.remove());

const flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror"];
const linking = ["-nostartfiles", "-Wl,--no-entry,--export=answer"];
const answerOf = (path: string) =>
	(new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path))).exports.answer as () => number)();

/** Compiles and links one source; what its function answers. */
async function answer(source: string): Promise<number> {
	return answerOf(await link(await compile([source], { flags }), `${files.folder}/answer.wasm`, linking));
}

it("compiles what changed, and only that", async () => {
	files.write("inner.h", "#define ANSWER 41\n");
	files.write("outer.h", '#include "inner.h"\n');
	const source = files.write(
		"changing.c",
		'#include "outer.h"\nint answer(void);\nint answer(void) { return ANSWER; }\n',
	);
	expect(await answer(source)).toBe(41);
	files.write("inner.h", "#define ANSWER 42\n");
	expect(await answer(source)).toBe(42);
	let made = 0;
	files.write("inner.h", "#define ANSWER 41\n");
	await compile([source], { flags, onProgress: () => made++ });
	expect(made).toBe(0);
	await compile([source], { flags: [...flags, `-DOTHER=${Date.now()}`], onProgress: () => made++ });
	expect(made).toBe(1);
});

it("the same sources give the same bytes, without the cache too", async () => {
	const source = files.write(
		"same.c",
		`/* ${process.pid} ${Date.now()} */\nint answer(void);\nint answer(void) { return (int)sizeof __FILE__; }\n`,
	);
	const [object] = await compile([source], { flags });
	const first = readFileSync(object!);
	const path = await link([object!], `${files.folder}/same.wasm`, linking);
	const module = readFileSync(path);
	const map = readFileSync(path.replace(/wasm$/, "map"));
	rmSync(object!);
	const [again] = await compile([source], { flags });
	expect(again).toBe(object);
	expect(readFileSync(again!).equals(first)).toBe(true);
	// Saying it twice changes nothing but the linker's cache, which does not know these words.
	rmSync(path);
	await link([again!], `${files.folder}/same.wasm`, [...linking, "-Wl,--export=answer"]);
	expect(readFileSync(path).equals(module)).toBe(true);
	expect(readFileSync(path.replace(/wasm$/, "map")).equals(map)).toBe(true);
});

describe("errors", () => {
	it("in C are the compiler's own message, with file and line", async () => {
		const source = files.write("wrong.c", "int answer(void);\nint answer(void)\n{\n\treturn nothing;\n}\n");
		await expect(compile([source], { flags })).rejects.toMatchObject({
			name: "BuildError",
			code: "compile-failed",
			message: expect.stringMatching(/wrong\.c:4:9: error: use of undeclared identifier 'nothing'/),
		});
	});

	it("are warnings too", async () => {
		const source = files.write("unused.c", "int answer(int x);\nint answer(int x) { return 1; }\n");
		await expect(compile([source], { flags })).rejects.toThrow(/unused parameter 'x'/);
	});

	it("leave the compiler fit for the next source", async () => {
		await expect(compile([files.write("bad.c", "int\n")], { flags })).rejects.toThrow(/bad\.c/);
		expect(await answer(files.write("good.c", "int answer(void);\nint answer(void) { return 7; }\n"))).toBe(7);
	});

	it("name a function that is missing when linking", async () => {
		const source = files.write("lacking.c", "int far(void);\nint answer(void);\nint answer(void) { return far(); }\n");
		await expect(answer(source)).rejects.toMatchObject({
			code: "compile-failed",
			message: expect.stringMatching(/lacking\.o: undefined symbol: far/),
		});
	});

	it("name a source that is missing", async () => {
		await expect(compile(["firmware/no-such.c"], { flags })).rejects.toMatchObject({
			code: "no-source",
			message: "no such source file: firmware/no-such.c",
		});
	});

	it("name two sources of one name, of which one would be lost", async () => {
		const objects = await compile([files.write("twin.c", "int answer(void) { return 1; }\n")], { flags: ["-O1"] });
		const others = await compile([files.write("twin.c", "int other(void) { return 2; }\n")], { flags: ["-O1"] });
		await expect(link([...objects, ...others], `${files.folder}/two.wasm`, linking)).rejects.toMatchObject({
			code: "same-name",
			message: expect.stringContaining("twin.o"),
		});
	});
});
