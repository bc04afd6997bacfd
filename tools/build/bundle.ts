/*
 * The agent as one ES module: TypeScript bundled by esbuild, with the SDK's modules bound to those of our own engine.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./clang.ts";
import { BuildError } from "./error.ts";

/** The SDK's modules that the agent imports, and where our own ports have them. */
const modules: Record<string, string> = {
	timer: "timer.ts",
	time: "time.ts",
	Resource: "resource.ts",
	"embedded:storage/flash": "flash.ts",
};

/** @param entry the main module, from the project's root. @throws BuildError bundle-failed with esbuild's messages */
export async function bundleAgent(entry: string): Promise<string> {
	try {
		const result = await build({
			absWorkingDir: root,
			entryPoints: [entry],
			bundle: true,
			format: "esm",
			target: "es2022",
			platform: "neutral",
			// Shorter names cost fewer entries in the table of names; `native` and property names stay as they are.
			minify: true,
			write: false,
			logLevel: "silent",
			tsconfig: "firmware/tsconfig.json",
			plugins: [
				{
					name: "engine-modules",
					setup: ({ onResolve }) => {
						onResolve({ filter: /^(timer|time|Resource|embedded:.*)$/ }, ({ path }) => {
							const file = modules[path];
							if (file) return { path: join(root, "firmware/engine/modules", file) };
							return { errors: [{ text: `our ports have no module "${path}"` }] };
						});
					},
				},
			],
		});
		return result.outputFiles[0]!.text;
	} catch (error) {
		throw new BuildError("bundle-failed", error instanceof Error ? error.message : String(error));
	}
}
