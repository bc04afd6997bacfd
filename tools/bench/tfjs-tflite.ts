/*
 * `@tensorflow/tfjs-tflite`: TFLite with XNNPACK, the wasm build with SIMD and without threads. `Infer` of its model
 * runner is the lowest that the module exports; the package's own TFLiteModel.predict adds tfjs tensors around it.
 */
import { join } from "node:path";
import { type EmscriptenModule, emscriptenFactory, place, refusing } from "./emscripten.ts";
import type { Runner, Runtime } from "./runtime.ts";

interface Tensor {
	/** A view of the tensor's memory. */
	data(): ArrayBufferView;
}

interface Vector<T> {
	size(): number;
	get(index: number): T;
}

interface ModelRunner {
	GetInputs(): Vector<Tensor>;
	GetOutputs(): Vector<Tensor>;
	Infer(): boolean;
}

interface Module extends EmscriptenModule {
	readonly TFLiteWebModelRunner: {
		CreateFromBufferAndOptions(
			address: number,
			bytes: number,
			options: { numThreads: number; enableProfiling: boolean; maxProfilingBufferEntries: number },
		): { ok(): boolean; errorMessage(): string; value(): ModelRunner };
	};
}

function views(tensors: Vector<Tensor>): Uint8Array[] {
	return Array.from({ length: tensors.size() }, (_, i) => {
		const { buffer, byteOffset, byteLength } = tensors.get(i).data();
		return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
	});
}

/** @param folder of the package */
export function tfjsTflite(folder: string, version: string): Runtime {
	const path = join(folder, "wasm/tflite_web_api_cc_simd");
	const create = emscriptenFactory<Module>(path, "tflite_web_api_ModuleFactory");
	return {
		name: "tfjs-tflite",
		version,
		async load(model) {
			const log: string[] = [];
			const module = await create(log);
			const runner = await refusing(log, () => {
				const status = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(place(module, model), model.length, {
					numThreads: 1,
					enableProfiling: false,
					maxProfilingBufferEntries: 0,
				});
				if (!status.ok()) throw new Error(status.errorMessage());
				const made = status.value();
				for (const input of views(made.GetInputs())) input.fill(0);
				if (!made.Infer()) throw new Error("the first run failed");
				return made;
			});
			return {
				inputs: () => views(runner.GetInputs()),
				invoke: () => {
					runner.Infer();
				},
				settle: () => {},
				outputs: () => views(runner.GetOutputs()).map((view) => view.slice()),
			} satisfies Runner;
		},
	};
}
