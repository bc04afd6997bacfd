/* Whatever went wrong, as one line for the person at the terminal: what, where, what to do, and a code to search for. */
import { CommanderError } from "commander";

/** Something that a command could not do. The message says what, where, and what to do. */
export class Failure extends Error {
	override readonly name = "Failure";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

/** Exit statuses of the command. */
export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;
export const INTERRUPTED = 130;

export interface Explained {
	/** For the terminal, without "error:". Empty when everything has been said (help was asked for). */
	readonly text: string;
	readonly code: string;
	readonly status: number;
}

/** Node's errors for files, in words. Other commands than `sim` read files too, and not all errors are worth a class. */
const systemErrors: Record<string, [code: string, what: string]> = {
	ENOENT: ["file-not-found", "no such file; check the path"],
	ENOTDIR: ["file-not-found", "no such file; check the path"],
	EISDIR: ["file-not-readable", "this is a folder; give a file"],
	EACCES: ["not-allowed", "not allowed; check its permissions"],
	EPERM: ["not-allowed", "not allowed; check its permissions"],
	EROFS: ["not-allowed", "the disk is read-only; choose another place"],
	ENOSPC: ["disk-full", "the disk is full; make room"],
};

/**
 * What to print for whatever was thrown, and the status to leave with.
 * @param help names the command whose help would tell more, as "cricket sim"
 */
export function explain(thrown: unknown, help: string): Explained {
	if (thrown instanceof CommanderError) {
		const code = thrown.code.replace(/^commander\./, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
		if (thrown.exitCode === 0) return { text: "", code, status: DONE };
		if (code === "help") return { text: "", code, status: USAGE };
		const text = thrown.message
			.replace(/^error: /, "")
			.replaceAll("\n", " ")
			.replace(/\.$/, "");
		return { text: `${text}; see: ${help} --help`, code, status: USAGE };
	}
	if (thrown instanceof Error) {
		const { code, path } = thrown as NodeJS.ErrnoException;
		const known = systemErrors[code ?? ""];
		if (known !== undefined) return { text: `${path ?? "a file"}: ${known[1]}`, code: known[0], status: FAILED };
		if (code !== undefined && /^[a-z][a-z0-9-]*$/.test(code)) return { text: thrown.message, code, status: FAILED };
	}
	const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
	return {
		text: `${text}; this is a fault of cricket itself: run it again with CRICKET_DEBUG=1 and report what it prints`,
		code: "internal",
		status: FAILED,
	};
}
