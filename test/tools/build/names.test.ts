/* What the build reads out of sources, bundles and modules. */
import { expect, it } from "vitest";
import { readBoard } from "../../../host-sim/board.ts";
import { boardSource, resources } from "../../../tools/build/board-source.ts";
import { functionNames } from "../../../tools/build/names.ts";
import { namesIn, nativesIn } from "../../../tools/build/rom.ts";
import { piecesOf } from "../../../tools/build/size.ts";

it("names that C code uses, each once and in order", () => {
	const sources = ["xsmcGet(a, b, xsID_rate); xsID_low, xsID_rate", "#define X xsID_high\nmyxsID_no xsID_"];
	expect(namesIn(sources)).toEqual(["high", "low", "rate"]);
});

it("natives of a bundle, in every form that a bundler writes", () => {
	const bundle = `class a extends Native("xs_a_destructor"){constructor(b){super(),native("xs_a_constructor").call(this,b)}}
		var c = native( 'xs_b' ), d = native("xs_b"), e = alternative("xs_no"), f = native(xs_no), g = native("xs_no" + h);`;
	expect(nativesIn(bundle)).toEqual(["xs_a_constructor", "xs_a_destructor", "xs_b"]);
});

/** A wasm section: id, size, bytes. */
const section = (id: number, bytes: number[]) => [id, bytes.length, ...bytes];
const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];

it("names of functions, by index, also those beyond 127", () => {
	const functions = [2, 0, ...text("main"), 0x80, 0x02, ...text("far_away")];
	const names = [...text("name"), 0, 2, ...text("m"), 1, functions.length, ...functions];
	const module = [
		0,
		0x61,
		0x73,
		0x6d,
		1,
		0,
		0,
		0,
		...section(0, text("other")),
		...section(5, [1, 0, 1]),
		...section(0, names),
	];
	expect([...functionNames(new Uint8Array(module))]).toEqual([
		[0, "main"],
		[256, "far_away"],
	]);
	expect(functionNames(new Uint8Array(module.slice(0, 8))).size).toBe(0);
});

it("pieces of a linker's map", () => {
	const map = `    Addr      Off     Size Out     In      Symbol
       -        8      1ac TYPE
       -     1021    a561d CODE
       -     1023       30         xsAPI.o:(fxTypeOf)
       -     1023       30                 fxTypeOf
       -     2000       10         /lib/libc.a(memcpy.o):(memcpy)
    3000    a6640      2c4 .rodata..L.str
    3000    a6648      2c4         <internal>:(.rodata..L.str)
    4000    b0000       20         build/board.o:(.rodata.file0)
    5000    b0000       40         memory.o:(.data.list)
    6000    b0000     e000         memory.o:(.bss.pool)
`;
	expect(piecesOf(map)).toEqual([
		{ section: "code", bytes: 0x30, source: "xsAPI" },
		{ section: "code", bytes: 0x10, source: "libc" },
		{ section: "rodata", bytes: 0x2c4, source: "<internal>" },
		{ section: "rodata", bytes: 0x20, source: "board" },
		{ section: "data", bytes: 0x40, source: "memory" },
		{ section: "bss", bytes: 0xe000, source: "memory" },
	]);
});

it("a board's partitions and files, as C", () => {
	const board = readBoard("wasm");
	const source = boardSource(board);
	for (const { name, offset, bytes } of board.flash.partitions)
		expect(source).toContain(`{ "${name}", ${offset}, ${bytes} },`);
	const files = resources();
	expect([...files.keys()].sort()).toEqual([
		"fault.json",
		"fault.tflite",
		"keyword.json",
		"keyword.tflite",
		"vibration.json",
		"vibration.tflite",
	]);
	for (const [name, bytes] of files) expect(source).toMatch(new RegExp(`"${name}", file\\d, ${bytes.length} }`));
	const card = JSON.parse(new TextDecoder().decode(files.get("keyword.json")));
	expect(card).toMatchObject({ schema: 1, kind: "keyword" });
	expect(Object.keys(card)).not.toEqual(expect.arrayContaining(["golden"]));
});
