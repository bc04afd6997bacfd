import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The SDK's modules that the agent imports, for tests that run it as plain modules in Node. */
const binding = (name: string) => fileURLToPath(new URL(`test/bindings/${name}.ts`, import.meta.url));

export default defineConfig({
	resolve: {
		alias: {
			timer: binding("timer"),
			time: binding("time"),
			Resource: binding("resource"),
			"embedded:storage/flash": binding("flash"),
		},
	},
	test: {
		include: ["test/**/*.test.ts"],
		globalSetup: ["test/build.ts"],
		testTimeout: 60_000,
		hookTimeout: 180_000,
	},
});
