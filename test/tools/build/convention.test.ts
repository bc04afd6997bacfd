/* The convention that lets the Moddable SDK compile firmware/ too, checked as far as it can be without the SDK: which C function
   belongs to which native(""), the form of native classes, and what the device does not have. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/build/clang.ts";

const firmware = readdirSync(join(root, "firmware"), { recursive: true, encoding: "utf8" })
	.map((path) => `firmware/${path.replaceAll("\\", "/")}`)
	.filter((path) => /\.(ts|c)$/.test(path) && !path.endsWith(".d.ts"))
	.sort();
const scripts = firmware.filter((path) => path.endsWith(".ts"));
const sources = firmware.filter((path) => path.endsWith(".c"));
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** The program without comments; lines stay where they were. */
const codeOf = (path: string) =>
	textOf(path).replace(/("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (all, text) =>
		text === undefined ? all.replace(/[^\n]/g, " ") : all,
	);

/** Every match of the pattern's first group, as `what in path`. */
function found(paths: readonly string[], pattern: RegExp): { name: string; path: string }[] {
	return paths.flatMap((path) => [...codeOf(path).matchAll(pattern)].map((match) => ({ name: match[1]!, path })));
}

const called = found(scripts, /\b[nN]ative\(\s*"(\w+)"\s*\)/g);
const defined = found(sources, /^void (xs_\w+)\(/gm);

describe("native functions", () => {
	it("there are some", () => {
		expect(called.length).toBeGreaterThan(20);
		expect(defined.length).toBeGreaterThan(20);
	});

	it("that script calls are each defined in C, once", () => {
		for (const { name, path } of called)
			expect(
				defined.filter((c) => c.name === name),
				`${name} of ${path}`,
			).toHaveLength(1);
	});

	it("that C defines are each called from script", () => {
		const names = new Set(called.map(({ name }) => name));
		expect(defined.filter(({ name }) => !names.has(name))).toEqual([]);
	});

	it("have the parameter that the SDK gives: a machine, or the data for a destructor", () => {
		// The engine's own sources know the machine by XS's internal name.
		for (const path of sources)
			for (const [all, name, parameters] of codeOf(path).matchAll(/^void (xs_\w+)\(([^)]*)\)/gm))
				expect(parameters, all).toMatch(name!.endsWith("_destructor") ? /^void \*data$/ : /^(xs|tx)Machine \*the$/);
	});

	it("are named by one string literal", () => {
		for (const path of scripts)
			for (const [all] of codeOf(path).matchAll(/\b[nN]ative\([^)]*\)/g))
				expect(all, path).toMatch(/^[nN]ative\("xs_\w+"\)$/);
	});

	it("take the method's own parameters, in a body that is that call alone", () => {
		const methods =
			/^\t(?:static )?(?:get )?(\w+)\(([^)]*)\)(?:: [^{]+|)\s*\{\s*((?:return )?native\([\s\S]*?)\n\t\}/gm;
		let count = 0;
		for (const path of scripts)
			for (const [, method, parameters, body] of codeOf(path).matchAll(methods)) {
				const names = parameters!
					.split(",")
					.map((parameter) => parameter.trim().replace(/\??:.*$/, ""))
					.filter(Boolean);
				expect(body!.trim(), `${method} of ${path}`).toMatch(
					new RegExp(`^(return )?native\\("xs_\\w+"\\)\\.call\\(${["this", ...names].join(", ")}\\);$`),
				);
				expect(parameters, `${method} of ${path}`).not.toContain("=");
				count++;
			}
		expect(count).toBeGreaterThan(15);
	});

	it("are not beside fields: a class of the SDK's form would lose them", () => {
		for (const path of scripts)
			for (const [, body] of codeOf(path).matchAll(/\bextends \(?Native\([\s\S]*?\{\n([\s\S]*?)\n\}/g))
				expect(body, path).not.toMatch(/^\t(?:readonly |declare |#)?[\w#]+[?!]?\s*(?::[^(]+)?(?:=[^>].*)?;$/m);
	});
});

it("names in C are identifiers of some script: the SDK's mc.xs.h has no others", () => {
	const identifiers = new Set(scripts.flatMap((path) => codeOf(path).match(/\w+/g) ?? []));
	const unknown = found(sources, /\bxsID_(\w+)/g).filter(({ name }) => !identifiers.has(name));
	expect(unknown).toEqual([]);
});

it("C files have different names, because the SDK drops the second silently", () => {
	// The ROM linker is a program of its own, and each port is: they are never in one image with others of their kind.
	const device = sources.filter((path) => !path.startsWith("firmware/engine/rom/"));
	const names = device.map((path) => path.replace(/^.*\//, ""));
	expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

describe("script on the device", () => {
	const absent = [
		...["eval", "Function", "Buffer", "process", "require", "console", "setTimeout", "setInterval", "queueMicrotask"],
		...["TextEncoder", "TextDecoder", "structuredClone", "Intl", "performance", "fetch", "URL", "atob", "btoa"],
	];

	it.each(absent)("has no %s", (name) => {
		const uses = found(scripts, new RegExp(`(?<![\\w.#"'])(${name})\\s*[(.]`, "g"));
		expect(uses).toEqual([]);
	});

	it("imports relative files and the SDK's modules only", () => {
		for (const { name, path } of found(scripts, /\bfrom "([^"]+)"/g))
			expect(name, path).toMatch(/^(\.\.?\/.*\.ts|timer|time|Resource|embedded:[\w/-]+)$/);
	});

	it("does not reach out of the firmware, nor the native modules into the agent", () => {
		for (const { name, path } of found(scripts, /\bfrom "(\.[^"]+)"/g)) {
			const target = join("/", path, "..", name).slice(1);
			expect(target, path).toMatch(/^firmware\//);
			if (!path.startsWith("firmware/agent/")) expect(target, path).not.toMatch(/^firmware\/agent\//);
		}
	});
});
