/*
 * Writes malformed.json: models with one thing wrong each, and the code of the error that they must be refused with.
 *
 *     node --import tsx test/native/tflm/make_malformed.ts && npm run format
 *
 * Each is a sound model of vectors/ in which a field of a table has been changed in place (and one that fuzzing found is
 * added to the list `found` as it is, with what should become of it).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { Model } from "./flatbuffer.ts";
import { readCases } from "./vectors.ts";

interface Case {
	name: string;
	code: string;
	model: string;
}
const cases: Case[] = [];
const encode = (bytes: Uint8Array) => deflateSync(bytes, { level: 9 }).toString("base64");

function malformed(
	code: string,
	name: string,
	operator: string,
	change: (model: Model) => Uint8Array | undefined,
): void {
	const sound = readCases(operator);
	// The first that has the field: what has its default value is left out of a table.
	for (const [i, { model: file }] of sound.entries()) {
		const model = new Model(file);
		try {
			cases.push({ name, code, model: encode(change(model) ?? model.bytes) });
			return;
		} catch (error) {
			if (i + 1 === sound.length) throw error;
		}
	}
}

function set(code: string, name: string, operator: string, at: (model: Model) => number, value: number): void {
	malformed(code, name, operator, (model) => {
		model.set32(at(model), value);
		return undefined;
	});
}

function setByte(code: string, name: string, operator: string, at: (model: Model) => number, value: number): void {
	malformed(code, name, operator, (model) => {
		model.bytes[at(model)] = value;
		return undefined;
	});
}

// The file
malformed("not-a-model", "no mark at byte 4", "add", (model) => model.bytes.fill(0, 4, 8));
malformed("not-a-model", "seven bytes", "add", (model) => model.bytes.slice(0, 7));
malformed("not-a-model", "no byte", "add", () => new Uint8Array());
malformed("out-of-file", "only a header", "add", (model) => model.bytes.slice(0, 8));
malformed("out-of-file", "the first half of a file", "add", (model) => model.bytes.slice(0, model.bytes.length >> 1));
set("bad-version", "schema version 2", "add", (m) => m.field(m.root, 0), 2);

// Tables and offsets
set("out-of-file", "the root table far outside", "add", () => 0, 0x7fffffff);
set("out-of-file", "the root table at the last byte", "add", () => 0, 0xfffffff0);
set("out-of-file", "a vtable before the file", "add", (m) => m.root, 0x7fffffff);
set("out-of-file", "a vtable behind the file", "add", (m) => m.root, 0x80000000);
set("bad-table", "a vtable of two bytes", "add", (m) => m.root - m.u32(m.root), 0x00040002);
set("bad-table", "a vtable of an odd size", "add", (m) => m.root - m.u32(m.root), 0x00100007);
set("bad-table", "a table of no bytes", "add", (m) => m.root - m.u32(m.root), 0x0000000c);
set("out-of-file", "an offset of nothing", "add", (m) => m.field(m.root, 2), 0);
set("out-of-file", "an offset out of the file", "add", (m) => m.field(m.graph, 0), 0x10000000);
set("out-of-file", "an offset that wraps round", "add", (m) => m.field(m.graph, 0), 0xffffffff);

// Vectors
set("out-of-file", "more subgraphs than bytes", "add", (m) => m.target(m.root, 2), 0x40000000);
set("out-of-file", "a name longer than the file", "add", (m) => m.target(m.tensor(0), 3), 0x7ffffff0);
set("out-of-file", "more buffer than file", "conv_2d", (m) => m.target(m.buffer(1), 0), 0x7fffff00);
set("no-graph", "no subgraph", "add", (m) => m.target(m.root, 2), 0);
set("no-graph", "no operator", "add", (m) => m.target(m.graph, 3), 0);
set("no-graph", "no input", "add", (m) => m.target(m.graph, 1), 0);
set("no-graph", "no output", "add", (m) => m.target(m.graph, 2), 0);

// Indices
set("bad-index", "a graph input that does not exist", "add", (m) => m.target(m.graph, 1) + 4, 77);
set("bad-index", "a graph output below zero", "add", (m) => m.target(m.graph, 2) + 4, 0xffffffff);
set("bad-index", "an operator's input that does not exist", "add", (m) => m.target(m.operator(0), 1) + 4, 3);
set("bad-index", "an operator's output that does not exist", "add", (m) => m.target(m.operator(0), 2) + 4, 0x7fffffff);
set("bad-index", "a buffer that does not exist", "conv_2d", (m) => m.field(m.tensor(1), 2), 9999);

// Tensors
set("bad-shape", "a dimension of minus two", "add", (m) => m.target(m.tensor(0), 0) + 4, 0xfffffffe);
set("bad-shape", "2^31 elements", "add", (m) => m.target(m.tensor(0), 0) + 4, 0x7fffffff);
set("bad-shape", "dimensions whose product wraps round", "add", (m) => m.target(m.tensor(0), 0) + 8, 0x01000001);
set("bad-shape", "no element", "add", (m) => m.target(m.tensor(0), 0) + 4, 0);
set("bad-buffer", "weights that are too short for their shape", "conv_2d", (m) => m.target(m.tensor(1), 0) + 4, 9);
setByte("unsupported-type", "complex numbers", "add", (m) => m.field(m.tensor(0), 1), 8);
setByte("unsupported-type", "a type that does not exist", "add", (m) => m.field(m.tensor(0), 1), 99);
set("bad-order", "an output that is an input", "add", (m) => m.target(m.operator(0), 2) + 4, 0);
set("bad-order", "a graph input that is a constant", "conv_2d", (m) => m.target(m.graph, 1) + 4, 1);
set("bad-order", "a graph output that nothing makes", "conv_2d", (m) => m.target(m.graph, 2) + 4, 1);

// Quantization
const scale = (tensor: number) => (m: Model) => m.target(m.quantization(tensor), 2) + 4;
set("bad-quantization", "a scale that is not a number", "add", scale(0), 0x7fc00000);
set("bad-quantization", "an infinite scale", "add", scale(0), 0x7f800000);
set("bad-quantization", "a scale below zero", "add", scale(0), 0xbf800000);
set("bad-quantization", "a scale of zero", "add", scale(0), 0);
set("bad-quantization", "scales that cannot be brought together", "mul", scale(2), 0x00000001);
set("bad-quantization", "a zero point of 4 billion", "add", (m) => m.target(m.quantization(0), 3) + 8, 1);
set("bad-quantization", "a zero point out of int8", "add", (m) => m.target(m.quantization(0), 3) + 4, 200);
set("bad-quantization", "fewer zero points than scales", "conv_2d", (m) => m.target(m.quantization(1), 3), 1);
set(
	"bad-quantization",
	"scales along another dimension than the channels",
	"depthwise_conv_2d",
	(m) => m.field(m.quantization(1), 6),
	2,
);

// Operators and options
set(
	"unsupported-operator",
	"an operator that does not exist",
	"conv_2d",
	(m) => m.field(m.entry(m.target(m.root, 1), 0), 3),
	4000,
);
set("bad-operator", "an operator with one input of two", "add", (m) => m.target(m.operator(0), 1), 1);
set("bad-operator", "an operator without outputs", "add", (m) => m.target(m.operator(0), 2), 0);
setByte("bad-operator", "the options of another operator", "conv_2d", (m) => m.field(m.operator(0), 3), 9);
const option = (number: number) => (m: Model) => m.field(m.target(m.operator(0), 4), number);
set("unsupported-option", "a stride of zero", "conv_2d", option(1), 0);
set("unsupported-option", "a stride below zero", "conv_2d", option(2), 0x80000000);
set("unsupported-option", "a dilation of two billion", "conv_2d", option(4), 0x7fffffff);
set("shape-mismatch", "an output of another height", "conv_2d", (m) => m.target(m.tensor(3), 0) + 8, 3);
set("shape-mismatch", "shapes that do not go together", "add", (m) => m.target(m.tensor(1), 0) + 8, 3);

const found: Case[] = JSON.parse(readFileSync(new URL("malformed.json", import.meta.url), "utf8")).cases.filter(
	(entry: Case) => entry.name.startsWith("fuzzing: "),
);
writeFileSync(
	new URL("malformed.json", import.meta.url),
	`${JSON.stringify({ cases: [...cases, ...found] }, null, "\t")}\n`,
);
process.stdout.write(`malformed.json: ${cases.length} models made, ${found.length} found\n`);
