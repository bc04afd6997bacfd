/* Runs the command as a user does: a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../tools/bin/cricket.js", import.meta.url));

export interface Ran {
	status: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

export interface Circumstances {
	cwd?: string;
	env?: Record<string, string>;
	/** The reader of stdout goes away before the first byte. */
	deaf?: boolean;
	/** Called with what has been printed so far, and a way to send a signal. */
	onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs `cricket` with these words and waits for its end. */
export function cricket(words: readonly string[], { cwd, env, deaf, onOutput }: Circumstances = {}): Promise<Ran> {
	const { COLUMNS: _, NO_COLOR: __, CRICKET_DEBUG: ___, ...inherited } = process.env;
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [script, ...words], { cwd, env: { ...inherited, ...env } });
		let stdout = "";
		let stderr = "";
		child.stdin.end();
		if (deaf) child.stdout.destroy();
		child.stdout.on("data", (bytes) => {
			stdout += bytes;
			onOutput?.(stdout, (signal) => child.kill(signal));
		});
		child.stderr.on("data", (bytes) => {
			stderr += bytes;
		});
		child.on("error", reject);
		child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
	});
}
