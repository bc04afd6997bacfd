/* Whether the card of a model package (model.json) tells the truth about its model. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Description, Interpreter } from "../host-sim/tflite-micro-wasm/index.ts";
import { Failure } from "./failure.ts";
import { grouped } from "./terminal.ts";

interface Card {
	arena: number;
	operators: string[];
	/** Inputs and the outputs that they must give, base64. */
	golden: { input: string; output: string }[];
}

/**
 * Checks the card's arena and operators, and runs its golden vectors in an arena of the size that it names.
 * @returns how many vectors there are
 * @throws Failure card-mismatch, no-golden, bad-card; ModelError
 */
export async function replay(folder: string, model: Uint8Array, description: Description): Promise<number> {
	const file = join(folder, "model.json");
	const card = readCard(file);
	const needed = description.plan?.arenaBytes ?? 0;
	const mismatch = (what: string) => new Failure("card-mismatch", `${file}: ${what}; make the card again`);
	if (card.arena < needed) {
		throw mismatch(`arena says ${grouped(card.arena)} bytes, the model needs ${grouped(needed)}`);
	}
	const missing = description.operators.find((operator) => !card.operators.includes(operator.name));
	if (missing) throw mismatch(`operators do not name ${missing.name}`);
	if (!card.golden.length)
		throw new Failure("no-golden", `${file}: no golden vectors; a device trusts no model without`);
	const interpreter = await Interpreter.create(model, { arenaBytes: card.arena });
	const [input, output] = [interpreter.inputs[0]!, interpreter.outputs[0]!];
	for (const [index, vector] of card.golden.entries()) {
		const given = Buffer.from(vector.input, "base64");
		const expected = Buffer.from(vector.output, "base64");
		if (given.length !== input.bytes || expected.length !== output.bytes) {
			throw mismatch(`golden vector ${index} has ${given.length} bytes in and ${expected.length} out`);
		}
		const data = input.data;
		new Uint8Array(data.buffer, data.byteOffset, data.byteLength).set(given);
		interpreter.invoke();
		const made = output.data;
		if (!expected.equals(new Uint8Array(made.buffer, made.byteOffset, made.byteLength))) {
			throw mismatch(`golden vector ${index} gives another output than the card says`);
		}
	}
	return card.golden.length;
}

function readCard(file: string): Card {
	let card: Partial<Card>;
	try {
		card = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		if (error instanceof SyntaxError) throw new Failure("bad-card", `${file}: ${error.message}; make the card again`);
		throw error;
	}
	const { arena, operators, golden } = card;
	if (typeof arena !== "number" || !Array.isArray(operators) || !Array.isArray(golden)) {
		throw new Failure("bad-card", `${file}: arena, operators or golden are missing; make the card again`);
	}
	return { arena, operators, golden };
}
