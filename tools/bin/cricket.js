#!/usr/bin/env node
// Starts the command: TypeScript is compiled as it is loaded, whatever folder the command is called from.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
	process.stderr.write(`error: Node ${process.versions.node} is too old; install Node 20.9 or newer  [old-node]\n`);
	process.exit(1);
}
try {
	const { register } = await import("tsx/esm/api");
	register({ tsconfig: false });
} catch (error) {
	if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
	process.stderr.write("error: packages are missing; run: npm ci  [missing-packages]\n");
	process.exit(1);
}
const { main } = await import("../cricket.ts");
process.exitCode = await main(process.argv.slice(2));
