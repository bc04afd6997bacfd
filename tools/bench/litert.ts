/*
 * LiteRT.js (`@litertjs/core`): TFLite's successor, XNNPACK too, single thread. Like its own loader this takes the build
 * with relaxed SIMD where the engine has it, and the one with SIMD128 where not (Node 20). `run` of the compiled model is
 * the lowest that the module exports: it makes the output buffers as well. The package's CompiledModel.run adds checks,
 * tensors and promises around it.
 */
import { join } from "node:path";
import { type EmscriptenModule, emscriptenFactory, place, refusing } from "./emscripten.ts";
import type { Runner, Runtime } from "./runtime.ts";

interface Deletable {
	delete(): void;
}

interface Enumerator {
	readonly value: number;
}

interface TensorType extends Deletable {
	bytes(): number;
	layout(): { dimensions(): Vector };
}

interface Vector {
	size(): number;
	get(index: number): number;
}

interface TensorBuffer extends Deletable {
	/** @returns the address of the tensor's values */
	lock(mode: Enumerator): number;
	unlock(): void;
	packedSize(): number;
}

interface CompiledModel {
	/** A promise only in the builds for GPUs. */
	run(signature: number, inputs: TensorBuffer[]): TensorBuffer[];
}

interface Model {
	getSignature(index: number): { inputNames(): { size(): number } };
	getInputTensorType(signature: number, index: number): TensorType;
}

type Environment = Deletable;

interface Module extends EmscriptenModule {
	setupLogging(): void;
	readonly LiteRtEnvironment: { create(device: null): Environment };
	readonly LiteRtTensorBuffer: {
		createManaged(environment: Environment, memory: Enumerator, type: TensorType, bytes: number): TensorBuffer;
	};
	readonly LiteRtTensorBufferType: { readonly HOST_MEMORY: Enumerator };
	readonly LiteRtTensorBufferLockMode: { readonly READ: Enumerator; readonly WRITE: Enumerator };
	loadModel(environment: Environment, address: number, bytes: number): Model;
	compileModel(environment: Environment, model: Model, options: object): CompiledModel | Promise<CompiledModel>;
}

/** i8x16.relaxed_swizzle of two splats: valid where the engine has relaxed SIMD. */
const relaxedSimd = Uint8Array.from([
	...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
	...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
	...[3, 2, 1, 0], // function 0 has it
	...[10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11], // its code
]);

/** @param folder of the package */
export function litert(folder: string, version: string): Runtime {
	const build = WebAssembly.validate(relaxedSimd) ? "litert_wasm_internal" : "litert_wasm_compat_internal";
	const create = emscriptenFactory<Module>(join(folder, "wasm", build), "ModuleFactory");
	return {
		name: "LiteRT.js",
		version,
		async load(bytes) {
			const log: string[] = [];
			const module = await create(log);
			module.setupLogging();
			const environment = module.LiteRtEnvironment.create(null);
			const { READ, WRITE } = module.LiteRtTensorBufferLockMode;
			const view = (buffer: TensorBuffer, mode: Enumerator) => {
				const address = buffer.lock(mode);
				buffer.unlock();
				return new Uint8Array(module.HEAPU8.buffer, address, buffer.packedSize());
			};
			const made: TensorBuffer[][] = [];
			const settle = () => {
				for (const buffer of made.flat()) buffer.delete();
				made.length = 0;
			};
			const { compiled, inputs } = await refusing(log, async () => {
				const model = module.loadModel(environment, place(module, bytes), bytes.length);
				const compiled = await module.compileModel(environment, model, {
					accelerator: "wasm",
					cpuOptions: { numThreads: 1 },
					gpuOptions: {},
					webNNOptions: {},
				});
				const inputs = Array.from({ length: model.getSignature(0).inputNames().size() }, (_, i) => {
					const type = model.getInputTensorType(0, i);
					const dimensions = type.layout().dimensions();
					const shape = Array.from({ length: dimensions.size() }, (_, axis) => dimensions.get(axis));
					// The package refuses every tensor for such an input, and says no more than a line of its source.
					if (shape.some((size) => size < 0)) throw new Error(`input ${i} has a dynamic shape, ${shape.join("x")}`);
					const memory = module.LiteRtTensorBufferType.HOST_MEMORY;
					return module.LiteRtTensorBuffer.createManaged(environment, memory, type, type.bytes());
				});
				for (const buffer of inputs) view(buffer, WRITE).fill(0);
				made.push(compiled.run(0, inputs));
				settle();
				return { compiled, inputs };
			});
			return {
				inputs: () => inputs.map((buffer) => view(buffer, WRITE)),
				invoke: () => {
					made.push(compiled.run(0, inputs));
				},
				settle,
				outputs: () => made.at(-1)!.map((buffer) => view(buffer, READ).slice()),
			} satisfies Runner;
		},
	};
}
