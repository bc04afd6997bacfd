/* Our own kernel as one of the runtimes. */
import { Interpreter, type Rounding, type Tensor } from "../../host-sim/tflite-micro-wasm/index.ts";
import type { Runner } from "./runtime.ts";

function view({ data }: Tensor): Uint8Array {
	return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

export interface KernelRunner extends Runner {
	readonly interpreter: Interpreter;
}

/** As `Runtime.load`. @throws ModelError when the kernel cannot run the model */
export async function loadKernel(model: Uint8Array, rounding: Rounding): Promise<KernelRunner> {
	const interpreter = await Interpreter.create(model, { rounding });
	for (const input of interpreter.inputs) view(input).fill(0);
	interpreter.invoke();
	return {
		interpreter,
		inputs: () => interpreter.inputs.map(view),
		invoke: () => interpreter.invoke(),
		settle: () => {},
		outputs: () => interpreter.outputs.map((output) => view(output).slice()),
	};
}
