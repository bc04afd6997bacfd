/* What the tests of the kernel share. */
import type { Interpreter, TensorData } from "../../../host-sim/tflite-micro-wasm/index.ts";

export const bytesOf = (data: TensorData) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Writes the inputs, runs the model, and copies the outputs. */
export function infer(interpreter: Interpreter, inputs: readonly Uint8Array[]): Uint8Array[] {
	inputs.forEach((bytes, i) => {
		bytesOf(interpreter.inputs[i]!.data).set(bytes);
	});
	interpreter.invoke();
	return interpreter.outputs.map((output) => bytesOf(output.data).slice());
}
