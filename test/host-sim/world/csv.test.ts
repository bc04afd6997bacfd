import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../../../host-sim/world/csv.ts";
import { InputError } from "../../../host-sim/world/error.ts";
import type { Recording } from "../../../host-sim/world/signal.ts";

type Given = Partial<Omit<CsvOptions, "where">>;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, given: Given = { rate: 12000 }) =>
	readCsv(typeof text === "string" ? bytesOf(text) : text, { where: "in.csv", fullScale: 16, ...given });

/** The values in g. */
function values(recording: Recording): number[] {
	const steps = new Float64Array(recording.length);
	recording.read(0, steps);
	return [...steps].map((step) => Number(((step / 32768) * 16).toPrecision(6)));
}

function failure(text: string | Uint8Array, given?: Given): { code: string; message: string } {
	try {
		read(text, given);
	} catch (error) {
		if (error instanceof InputError) return { code: error.code, message: error.message };
		throw error;
	}
	throw new Error("no error");
}

describe("forms of a table", () => {
	test.each([
		["one column", "0.5\n-1\n.25\n"],
		["no newline at the end", "0.5\n-1\n.25"],
		["CRLF", "0.5\r\n-1\r\n.25\r\n"],
		["CR alone", "0.5\r-1\r.25\r"],
		["a header", "acceleration\n0.5\n-1\n.25\n"],
		["a byte order mark", "\ufeff0.5\n-1\n.25\n"],
		["a byte order mark and a header", "\ufeffx\n0.5\n-1\n.25\n"],
		["comments and blank lines", "# made by hand\n\n0.5\n\n% more\n-1\n  \n.25\n\n"],
		["exponents", "5e-1\n-1.0E0\n+2.5e-01\n"],
		["quotes", '"x"\n"0.5"\n"-1"\n".25"\n'],
		["spaces around", "  0.5 \n\t-1\n .25\t\n"],
		["commas", "x,y,z\n0.5,9,8\n-1,9,8\n.25,9,8\n"],
		["semicolons", "x;y\n0.5;9\n-1;9\n.25;9\n"],
		["semicolons and decimal commas", "x;y\n0,5;9,1\n-1,0;9,1\n,25;9,1\n"],
		["tabs", "x\ty\n0.5\t9\n-1\t9\n.25\t9\n"],
		["spaces", "x  y\n 0.5   9\n-1 9\n.25 9\n"],
		["a separator that is declared", "sep=;\nx;y\n0.5;9\n-1;9\n.25;9\n"],
		["a column at the end", "time,x\n0,0.5\n0.1,-1\n0.2,.25\n"],
		["a line of units", "time,x\ns,g\n0,0.5\n0.1,-1\n0.2,.25\n"],
		["counted rows", "sample,acc_z\n0,0.5\n1,-1\n2,.25\n"],
		["rows counted by pandas", ",acc_z\n0,0.5\n1,-1\n2,.25\n"],
		["a column that is named better", "speed,bearing,x\n9,8,0.5\n9,8,-1\n9,8,.25\n"],
		["a column of words", "state,level\nok,0.5\nok,-1\nok,.25\n"],
		["unnamed times", "0.0,0.5\n0.1,-1\n0.2,.25\n"],
		["unnamed counts", "0,0.5\n1,-1\n2,.25\n"],
	])("%s", (_, text) => {
		expect(values(read(text))).toEqual([0.5, -1, 0.25]);
	});

	test("UTF-16, as spreadsheets save Unicode text", () => {
		const wide = new Uint8Array(Uint16Array.from("\ufeffx\ty\r\n0.5\t1\r\n-1\t2\r\n", (c) => c.charCodeAt(0)).buffer);
		expect(values(read(wide))).toEqual([0.5, -1]);
	});
});

describe("units", () => {
	test.each(["acc [m/s^2]", "acc (m/s²)", "acc_m/s2", "acc_ms2", "Acceleration (m/s/s)"])("%s", (name) => {
		expect(values(read(`${name}\n9.80665\n-19.6133\n`))).toEqual([1, -2]);
	});

	test.each(["acc (mg)", "x_mg", "x [mg]"])("%s", (name) => {
		expect(values(read(`${name}\n1000\n-250\n`))).toEqual([1, -0.25]);
	});

	test("m/s^2 in Latin-1", () => {
		expect(values(read(Buffer.from("a (m/s\xb2)\n9.80665\n", "latin1")))).toEqual([1]);
	});

	test("a line of units", () => {
		expect(values(read("t;x\ns;m/s²\n0;9,80665\n0,1;0\n"))).toEqual([1, 0]);
	});

	test.each(["image", "magnitude", "acc (g)", "x", "items/s"])("%s is in g", (name) => {
		expect(values(read(`${name}\n1\n`))).toEqual([1]);
	});

	test("what is beyond the sensor's full scale is counted", () => {
		const recording = read("16\n16.5\n-16\n-99\n");
		expect(recording.notes).toEqual(["in.csv: 2 of 4 values beyond the sensor's full scale of 16 g are clipped"]);
	});
});

describe("rate", () => {
	const table = (times: (string | number)[], header = "time,x") =>
		`${header}\n${times.map((t) => `${t},0\n`).join("")}`;
	const count = (n: number) => Array.from({ length: n }, (_, i) => i);

	test.each<[what: string, header: string, times: (string | number)[], rate: number]>([
		["seconds", "time,x", count(50).map((i) => i / 12000), 12000],
		["rounded seconds", "t,x", count(500).map((i) => (i / 12000).toFixed(4)), 12000],
		["coarse seconds", "Time (s),x", count(5000).map((i) => (i / 25600).toExponential(3)), 25600],
		["milliseconds", "time_ms,x", count(50).map((i) => i / 4), 4000],
		["milliseconds in brackets", "t [ms],x", count(50).map((i) => i / 4), 4000],
		["microseconds", "timestamp (us),x", count(50).map((i) => i * 100 + 5e6), 10000],
		["a rate that is not whole", "time,x", count(2000).map((i) => i * 0.0003), 3333.3333],
		["a late start", "time,x", count(50).map((i) => (100 + i / 1000).toFixed(6)), 1000],
	])("from %s", (_, header, times, rate) => {
		expect(read(table(times, header), {}).rate).toBeCloseTo(rate, 2);
	});

	test("from unnamed times", () => {
		expect(
			read(
				count(100)
					.map((i) => `${i / 1000}\t0`)
					.join("\n"),
				{},
			).rate,
		).toBe(1000);
	});

	test("as given, before that of the times, and said", () => {
		const recording = read(table(["a", "b"]), { rate: 5000 });
		expect(recording.rate).toBe(5000);
		expect(recording.notes[0]).toContain("5000 Hz is used instead");
	});

	test.each<[what: string, text: string, code: string, says: string]>([
		["none", "x\n1\n2\n", "csv-no-rate", "--rate"],
		["counted rows only", "0,5\n1,6\n2,7\n3,7\n", "csv-no-rate", "--rate"],
		["a single time", "time,x\n0,1\n", "csv-no-rate", "--rate"],
		["times that stand still", "time,x\n1,1\n1,1\n1,1\n", "csv-no-rate", "--rate"],
		["dates", "date,x\n2026-01-01T00:00,1\n", "csv-bad-time", "in.csv:2"],
		["times that step back", table([0, 0.1, 0.05]), "csv-bad-time", "in.csv:4"],
		["a gap", table(["0", "0.0010", "0.0020", "0.0030", "0.0050", "0.0060"]), "csv-bad-time", "in.csv:6"],
		["a missing unit", table([0, 1000, 2000]), "csv-bad-rate", "time_ms"],
	])("%s is refused", (_, text, code, says) => {
		expect(failure(text, {})).toEqual({ code, message: expect.stringContaining(says) });
	});

	test.each([0, -1, Number.NaN, 1e9])("%d Hz is refused", (rate) => {
		expect(failure("1\n2\n", { rate }).code).toBe("csv-bad-rate");
	});
});

describe("what cannot be read is refused", () => {
	test.each<[what: string, text: string, code: string, says: string]>([
		["nothing", "", "csv-empty", "no values"],
		["comments only", "# a\n# b\n", "csv-empty", "no values"],
		["a header only", "time,x\n", "csv-empty", "no values"],
		["a word among values", "1\n2\nthree\n4\n", "csv-not-a-number", 'in.csv:3: "three"'],
		["NaN", "x\n1\nNaN\n", "csv-not-a-number", 'in.csv:3: "NaN"'],
		["NaN first", "nan\n1\n", "csv-no-column", "in.csv:1"],
		["infinity", "1\ninf\n", "csv-not-a-number", "in.csv:2"],
		["an overflow", "1\n1e999\n", "csv-not-a-number", "in.csv:2"],
		["hexadecimal", "1\n0x10\n", "csv-not-a-number", "in.csv:2"],
		["an empty field", "t,x\n1,2\n2,\n", "csv-not-a-number", "in.csv:3"],
		["a missing field", "t,x\n1,2\n2\n", "csv-not-a-number", "a missing field"],
		["thousands", "x;y\n1.234,5;1\n", "csv-not-a-number", "in.csv:2"],
		["a second header", "x\n1\nx\n2\n", "csv-not-a-number", "in.csv:3"],
		["two tables of words", "a,b\nc,d\ne,f\n", "csv-not-a-number", "in.csv:3"],
		["words only", "state,1\nok,no\n", "csv-not-a-number", "in.csv:2"],
		["a zero byte", "x\n1\n\0\0\n", "csv-not-text", "zero byte after 4"],
	])("%s", (_, text, code, says) => {
		expect(failure(text)).toEqual({ code, message: expect.stringContaining(says) });
	});

	test("a long field is quoted in part", () => {
		expect(failure(`1\n${"x".repeat(1e5)}\n`).message.length).toBeLessThan(200);
	});
});

describe("whatever the text", () => {
	const holds = (text: string | Uint8Array, given: Given) => {
		try {
			const recording = read(text, given);
			expect(recording.length).toBeGreaterThan(0);
			expect(values(recording).every((value) => Number.isFinite(value))).toBe(true);
			expect(recording.rate).toBeGreaterThanOrEqual(10);
			expect(recording.rate).toBeLessThanOrEqual(1e6);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			expect(error.code).toMatch(/^csv-[a-z-]+$/);
		}
	};
	const given = fc.constantFrom<Given>({}, { rate: 12000 });
	const token = fc.oneof(
		fc.constantFrom(
			",",
			";",
			"\t",
			" ",
			"\n",
			"\r\n",
			'"',
			"#",
			"time",
			"x",
			"acc (m/s^2)",
			"nan",
			"sep=;",
			"\ufeff",
			"-",
			"e",
		),
		fc.double({ noNaN: false }).map(String),
		fc.integer().map(String),
	);

	test("any bytes are read or refused", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), given, holds), { numRuns: 1500 });
	});

	test("any words of tables are read or refused", () => {
		fc.assert(
			fc.property(
				fc.array(token, { maxLength: 60 }).map((words) => words.join("")),
				given,
				holds,
			),
			{ numRuns: 3000 },
		);
	});

	test("numbers come back as they were written", () => {
		const number = fc.double({ min: -15.9, max: 15.9, noNaN: true });
		const form = fc.constantFrom<[string, (value: number) => string]>(
			["\n", String],
			["\r\n", (value) => `1,${value}`],
			["\n", (value) => `"${value}"`],
			["\n", (value) => `${String(value).replace(".", ",")};7`],
		);
		fc.assert(
			fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), form, (numbers, [end, write]) => {
				const header = { "1": "y,x", '"': "x" }[write(0)[0]!] ?? (write(0).includes(";") ? "x;y" : "x");
				const got = values(read([header, ...numbers.map(write)].join(end)));
				got.forEach((value, i) => {
					expect(Math.abs(value - numbers[i]!)).toBeLessThan(6e-5);
				});
				expect(got.length).toBe(numbers.length);
			}),
			{ numRuns: 300 },
		);
	});
});
