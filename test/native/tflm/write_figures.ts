/* Part of `make bench`: runs the conformance files and writes docs/conformance.md. */
import { writeFileSync } from "node:fs";
import { Interpreter, type Rounding } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { conformanceHas, conformanceNames, conformancePresent, readConformance, readVectors } from "./conformance.ts";
import { infer } from "./tensors.ts";

/** Bytes of arena that TFLM needs on 32 bits: tensorflow/tflite-micro 90b983c2, reference kernels. */
const tflmArena: Record<string, number> = {
	ad01_int8: 2816,
	hello_world_int8: 1104,
	kws_ref_model: 22784,
	micro_speech_quantized: 6816,
	person_detect: 82304,
	pretrainedResnet_quant: 54368,
};

/**
 * Bytes of output compared, and how many of them differ; of float32, values beyond 1e-5 of the reference. Those of a .seq
 * file are of runs without a reset between them. Empty when there is no such file.
 */
async function compare(name: string, path: string, rounding: Rounding): Promise<string> {
	if (!conformanceHas(path)) return "";
	const interpreter = await Interpreter.create(readConformance(`models/${name}.tflite`), { rounding });
	const vectors = readVectors(path);
	let [compared, wrong] = [0, 0];
	vectors.inputs.forEach((inputs, n) => {
		if (!path.endsWith(".seq")) interpreter.reset();
		const outputs = infer(interpreter, inputs);
		vectors.outputs[n]!.forEach((expected, i) => {
			compared += expected.length;
			if (vectors.types[i] === 1) {
				const values = new Float32Array(outputs[i]!.slice().buffer);
				new Float32Array(expected.slice().buffer).forEach((value, k) => {
					if (Math.abs(values[k]! - value) > 1e-5 * Math.abs(value)) wrong += 4;
				});
			} else for (const [k, byte] of expected.entries()) if (outputs[i]![k] !== byte) wrong++;
		});
	});
	interpreter.close();
	return `${wrong} of ${compared}`;
}

if (conformancePresent()) {
	await buildKernel();
	const rows: string[] = [];
	for (const name of conformanceNames("models", ".tflite")) {
		const interpreter = await Interpreter.create(readConformance(`models/${name}.tflite`));
		const arena = [interpreter.arenaBytes, tflmArena[name] ?? ""];
		interpreter.close();
		const wrong = [
			await compare(name, `golden/${name}.gld`, "double"),
			await compare(name, `golden_single/${name}.gld`, "single"),
			await compare(name, `seq/${name}.seq`, "double"),
		];
		rows.push(`| ${[name, ...wrong, ...arena].join(" | ")} |`);
	}
	writeFileSync(
		new URL("../../../docs/conformance.md", import.meta.url),
		`# Conformance

Written by \`make bench\`. Output bytes that differ from TFLite Micro's reference kernels over the golden vectors, with
TFLite Micro's rounding (double) and XNNPACK's (single); and the bytes of arena, all RAM that the interpreter needs,
beside what TFLite Micro needs on 32 bits. The tests also compare every operator's output (\`test/native/tflm\`).

| model | wrong, double | wrong, single | wrong, 64 runs without reset | arena | TFLM's |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}
`,
	);
	process.stderr.write("wrote docs/conformance.md\n");
}
