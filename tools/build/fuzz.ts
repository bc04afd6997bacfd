/*
 * `make fuzz SECONDS=n`: libFuzzer on the kernel, built natively with the address and undefined-behaviour sanitizers. Seeds
 * are the conformance models, the project's own, those of every operator, and the malformed ones that are known. What it
 * learns stays in build/fuzz/corpus; what it finds lies in build/fuzz/findings, and `make fuzz FINDING=file` runs that again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { inflateSync } from "node:zlib";
import { root } from "./clang.ts";
import { kernelSources } from "./kernel.ts";

const folder = join(root, "build/fuzz");
const [seeds, corpus, findings] = ["seeds", "corpus", "findings"].map((name) => join(folder, name)) as [
	string,
	string,
	string,
];
const program = join(folder, "fuzz_model");
const vectors = join(root, "test/native/tflm/vectors");
/** Larger models are not mutated: a try would take too long for what it finds. */
const longestModel = 131_072;
const checks = "address,undefined,float-cast-overflow";

function fail(message: string): never {
	process.stderr.write(`error: ${message}\n`);
	process.exit(1);
}

function buildFuzzer(compiler: string): void {
	const flags = ["-std=gnu99", "-O1", "-g", `-fsanitize=fuzzer,${checks}`, "-fno-sanitize-recover=all"];
	const sources = [...kernelSources(), "test/native/tflm/fuzz/fuzz_model.c"];
	const include = ["-Ifirmware/native/tflm"];
	const { error, status } = spawnSync(compiler, [...flags, ...include, ...sources, "-o", program], {
		cwd: root,
		stdio: ["ignore", "inherit", "inherit"],
	});
	if (error || status) {
		fail(`cannot build the fuzzer with ${compiler}: install clang with libFuzzer (Debian: clang, libclang-rt-14-dev)`);
	}
}

/** Models by a name for their files. */
function* seedModels(): Generator<[string, Uint8Array]> {
	for (const kind of ["keyword", "vibration"]) yield [kind, readFileSync(join(root, `models/${kind}/model.tflite`))];
	const conformance = join(root, "../shared/conformance/models");
	if (existsSync(conformance)) {
		for (const file of readdirSync(conformance)) yield [file, readFileSync(join(conformance, file))];
	} else process.stderr.write("no ../shared/conformance: going on without its models as seeds\n");
	const recorded = readdirSync(vectors).filter((name) => name.endsWith(".json"));
	for (const file of [...recorded.map((name) => join(vectors, name)), join(vectors, "../malformed.json")]) {
		const { cases }: { cases: { model: string }[] } = JSON.parse(readFileSync(file, "utf8"));
		for (const [i, { model }] of cases.entries()) {
			yield [`${basename(file, ".json")}-${i}`, inflateSync(Buffer.from(model, "base64"))];
		}
	}
}

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, finding: { type: "string" } } });
if (!/^[1-9]\d*$/.test(values.seconds)) fail(`SECONDS must be a whole number above 0, not ${values.seconds}`);
for (const path of [seeds, corpus, findings]) mkdirSync(path, { recursive: true });
buildFuzzer(process.env.CLANG ?? "clang");
let count = 0;
for (const [name, bytes] of seedModels()) {
	if (bytes.length > longestModel) continue;
	writeFileSync(join(seeds, name), bytes);
	count++;
}

const environment = { ...process.env, UBSAN_OPTIONS: "print_stacktrace=1" };
const run = (options: string[]) =>
	spawnSync(program, options, { cwd: root, env: environment, stdio: ["ignore", "inherit", "inherit"] }).status ?? 1;
if (values.finding) process.exit(run([values.finding]));
const known = readdirSync(findings).length;
process.stderr.write(`${count} models as seeds, ${statSync(program).size} bytes of fuzzer, ${values.seconds} s\n`);
const status = run([
	...[`-max_total_time=${values.seconds}`, `-max_len=${longestModel}`, "-timeout=20", "-rss_limit_mb=2048"],
	...["-print_final_stats=1", "-verbosity=1", `-artifact_prefix=${findings}/`, corpus, seeds],
]);
const found = readdirSync(findings).length - known;
process.stdout.write(status || found ? `${found} new findings in build/fuzz/findings\n` : "nothing found\n");
process.exit(status || found ? 1 : 0);
