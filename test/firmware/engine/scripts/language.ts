/* For language.test.ts: says what the language does on the device, a line for each thing. */
import { attempt } from "./attempt.ts";

class Shape {
	static made = 0;
	#sides: number;
	constructor(sides: number) {
		this.#sides = sides;
		Shape.made++;
	}
	get sides(): number {
		return this.#sides;
	}
	static is(value: object): boolean {
		return #sides in value;
	}
}
class Square extends Shape {
	label = "square";
	constructor() {
		super(4);
	}
	override get sides(): number {
		return super.sides * 10;
	}
}
attempt("classes", () => {
	const square = new Square();
	return [square.sides, square.label, Shape.made, Shape.is(square), Shape.is({}), square instanceof Shape];
});
attempt("errors", () => {
	class Fault extends Error {
		code = "a-code";
	}
	try {
		throw new Fault("what", { cause: 7 });
	} catch (error) {
		return [(error as Fault).code, (error as Fault).message, (error as Fault).cause, error instanceof Error];
	} finally {
		trace("finally: yes");
	}
});
attempt("closures", () => [1, 2, 3].map((n) => () => n * n).map((f) => f()));
attempt("spread", () => {
	const { a, ...rest } = { a: 1, b: 2, c: 3 };
	const [first, , third = 30, ...more] = [10, 20, undefined, 40, 50];
	return [a, rest, first, third, more, { ...rest, b: 9 }, Math.max(...[3, 1, 2])];
});
attempt("optional", () => {
	const nothing = undefined as { a?: { b: number } } | undefined;
	const box: { value?: number } = {};
	box.value ??= 5;
	return [nothing?.a?.b ?? "none", box.value];
});
attempt("collections", () => {
	const map = new Map<unknown, number>([
		["a", 1],
		[Number.NaN, 2],
	]);
	map.set("a", 3).delete("b");
	const key = {};
	return [[...map.values()], map.get(Number.NaN), [...new Set([1, 1, 2])], new WeakMap([[key, 5]]).get(key)];
});
attempt("json", () => JSON.parse(JSON.stringify({ a: [1, 2.5, -0, null, true], b: { c: 'x"\n' }, d: undefined })));
attempt("regexp", () => {
	const match = /(?<year>\d{4})-(?<month>\d\d)/u.exec("on 2024-05-06")!;
	return [match.groups?.year, match.index, "a1b22".replace(/\d+/g, (d) => `<${d}>`), "x,y;z".split(/[,;]/)];
});
attempt("strings", () => ["äöü€😀".length, "€".codePointAt(0), "abc".at(-1), "x".padStart(3, "-"), `${1 + 1}`]);
attempt("typed arrays", () => {
	const bytes = new Uint8Array([1, 2, 255]);
	const wide = new Int16Array(bytes.buffer.slice(0, 2));
	const floats = Float32Array.of(0.1);
	return [[...wide], floats[0] === Math.fround(0.1), [...bytes.subarray(1)], new Uint8ClampedArray([300])[0]];
});
attempt("data view", () => {
	const view = new DataView(new ArrayBuffer(24), 1);
	view.setFloat64(0, Math.PI);
	view.setInt32(9, -2, true);
	view.setBigInt64(13, -5n, true);
	return [view.getFloat64(0) === Math.PI, view.getInt32(9, true), view.getUint8(9), `${view.getBigInt64(13, true)}`];
});
attempt("generators", () => {
	function* count() {
		try {
			yield* [1, 2];
			const sent: number = yield 3;
			yield sent;
		} finally {
			trace("generator: closed");
		}
	}
	const it = count();
	return [it.next().value, it.next().value, it.next().value, it.next(40 as never).value, it.return(undefined).done];
});
attempt("numbers", () => [0.1 + 0.2, 1e21, 2 ** 53, (255).toString(16), Number.parseFloat("1.5e3"), 7 % -3, -7 >>> 28]);
attempt("bigint", () => `${2n ** 100n}`);
attempt("sort", () => {
	const items = Array.from({ length: 40 }, (_, i) => ({ key: i % 3, i }));
	items.sort((a, b) => a.key - b.key);
	return items.every((item, i) => i === 0 || items[i - 1]!.key < item.key || items[i - 1]!.i < item.i);
});
attempt("proxy", () => new Proxy({} as Record<string, string>, { get: (_, name) => `got ${String(name)}` }).x);
attempt("symbols", () => [
	...{
		*[Symbol.iterator]() {
			yield 1;
		},
	},
]);
attempt("random", () => {
	let sum = 0;
	for (let i = 0; i < 1000; i++) {
		const value = Math.random();
		if (!(value >= 0 && value < 1)) return value;
		sum += value;
	}
	return sum > 450 && sum < 550;
});
attempt("date", () => new Date(86_400_000 + 3_600_000).toISOString());

attempt("frozen prototype", () => {
	(Array.prototype as unknown as { first: unknown }).first = () => 1;
});
attempt("frozen method", () => {
	Array.prototype.map = () => [];
});
attempt("frozen removal", () => delete (Array.prototype as { map?: unknown }).map);
attempt("frozen global", () => {
	(globalThis as { JSON: unknown }).JSON = undefined;
});
attempt("frozen namespace", () => {
	Math.max = () => 0;
});
attempt("frozen definition", () => Object.defineProperty(Object.prototype, "polluted", { value: 1 }));
attempt("frozen proto", () => Object.setPrototypeOf(Map.prototype, null));
attempt("works still", () => [
	[1, 2].map((n) => n + 1),
	Math.max(1, 2),
	typeof JSON,
	({} as { polluted?: 1 }).polluted,
]);

attempt("eval", () => new Function("return 1"));
attempt("import", () => {
	// A name that no bundler can see through.
	const name = ["no", "such", "module"].join("-");
	import(/* @vite-ignore */ name).then(
		() => trace("imported: yes"),
		(error) => trace(`imported: ${error}`),
	);
});

async function* numbers() {
	for (let i = 0; i < 3; i++) yield await Promise.resolve(i);
}
(async () => {
	const seen: number[] = [];
	for await (const n of numbers()) seen.push(n);
	const settled = await Promise.allSettled([Promise.reject(new Error("no")), 5]);
	trace(`async: ${JSON.stringify([seen, settled.map(({ status }) => status), await Promise.race([1, 2])])}`);
})();
trace("one", "two\n", 3 as never);
