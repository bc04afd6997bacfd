/* For glue.test.ts, runs in the twin: says what the native Interpreter does, a line for each thing. */
import Resource from "Resource";
import { Interpreter } from "../../../firmware/native/tflm/tflm.ts";

function attempt(name: string, work: () => unknown): void {
	let result: unknown;
	try {
		result = work();
	} catch (error) {
		result = `${(error as Error).name}: ${(error as Error).message}`;
	}
	trace(`${name}: ${result}`);
}

/** A checksum that order matters to. */
function sum(bytes: Int8Array): number {
	return bytes.reduce((total, byte) => (total * 31 + byte + 128) % 65521, 0);
}

const model = new Resource("vibration.tflite");
const arena = 4096;
attempt("options", () => new Interpreter(undefined as never));
attempt("movable model", () => new Interpreter({ model: new ArrayBuffer(100), arena }));
attempt("no model", () => new Interpreter({ model: undefined as never, arena }));
attempt("not a model", () => new Interpreter({ model: new Resource("vibration.json"), arena }));
attempt("no arena", () => new Interpreter({ model, arena: 0 }));
attempt("small arena", () => new Interpreter({ model, arena: 100 }));
attempt("huge arena", () => new Interpreter({ model, arena: 0x7fffffff }));

const interpreter = new Interpreter({ model, arena });
const input = interpreter.input(0);
const values = new Int8Array(input);
attempt("needed", () => interpreter.needed());
attempt("bytes", () => `${input.byteLength} ${interpreter.output(0).byteLength}`);
attempt("same buffer", () => interpreter.input(0) === input);
attempt("other buffer", () => interpreter.output(0) !== input);
attempt("input 1", () => interpreter.input(1));
attempt("input -1", () => interpreter.input(-1));
attempt("output 7", () => interpreter.output(7));
attempt("invoke", () => {
	values.fill(5);
	interpreter.invoke();
	return sum(new Int8Array(interpreter.output(0)));
});
attempt("reset", () => {
	interpreter.reset();
	return `${Math.max(...values)} ${sum(new Int8Array(interpreter.output(0)))}`;
});
attempt("exact arena", () => {
	const second = new Interpreter({ model, arena: interpreter.needed() });
	new Int8Array(second.input(0)).fill(5);
	second.invoke();
	const result = sum(new Int8Array(second.output(0)));
	second.close();
	return result;
});
attempt("one byte less", () => new Interpreter({ model, arena: interpreter.needed() - 1 }));
interpreter.close();
attempt("closed twice", () => interpreter.close());
attempt("closed: invoke", () => interpreter.invoke());
attempt("closed: input", () => interpreter.input(0));
attempt("closed: view", () => values[0]);
attempt("closed: new view", () => new Int8Array(input).length);
attempt("many", () => {
	for (let i = 0; i < 200; i++) {
		const one = new Interpreter({ model, arena });
		one.input(0);
		if (i % 2) one.close(); // the others are left to the collector
	}
	return "made";
});
