import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { explain, Failure } from "../../tools/failure.ts";

test("a failure with a code is told as it is", () => {
	const failure = new Failure("over-budget", "RAM takes too much; make it smaller");
	expect(explain(failure, "cricket size")).toEqual({ text: failure.message, code: "over-budget", status: 1 });
});

test("an error of Node's for a file names the file", () => {
	const error = Object.assign(new Error("ENOENT: no such file or directory, open 'm.tflite'"), {
		code: "ENOENT",
		path: "m.tflite",
	});
	expect(explain(error, "cricket")).toEqual({
		text: "m.tflite: no such file; check the path",
		code: "file-not-found",
		status: 1,
	});
});

test("wrong use says where help is", () => {
	const error = new CommanderError(1, "commander.unknownOption", "error: unknown option '--x'\n(Did you mean --y?)");
	expect(explain(error, "cricket sim")).toEqual({
		text: "unknown option '--x' (Did you mean --y?); see: cricket sim --help",
		code: "unknown-option",
		status: 2,
	});
});

test("help that was asked for is done, help that was not is wrong use", () => {
	expect(explain(new CommanderError(0, "commander.helpDisplayed", "(outputHelp)"), "cricket").status).toBe(0);
	expect(explain(new CommanderError(1, "commander.help", "(outputHelp)"), "cricket")).toMatchObject({
		text: "",
		status: 2,
	});
});

test.each([new TypeError("x is undefined"), "a string", Object.assign(new Error("odd"), { code: "ERR_ODD" })])(
	"anything else is our fault, and says so: %s",
	(thrown) => {
		expect(explain(thrown, "cricket")).toMatchObject({
			code: "internal",
			status: 1,
			text: expect.stringContaining("CRICKET_DEBUG=1"),
		});
	},
);
