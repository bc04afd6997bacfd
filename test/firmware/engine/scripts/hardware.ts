/* For hardware.test.ts: says what flash, resources and native classes do, a line for each thing. */

import Resource from "Resource";
import flash, { type FlashPartition } from "embedded:storage/flash";
import { LogMel } from "../../../../firmware/native/dsp/dsp.ts";
import { vitals } from "../../../../firmware/native/vitals/vitals.ts";
import { attempt } from "./attempt.ts";

function read(partition: FlashPartition, offset: number, length: number): number[] {
	const bytes = new Uint8Array(length);
	partition.read(bytes, offset);
	return [...bytes];
}

const config = flash.open({ path: "config" });
const { size, blockLength } = config.status();
attempt("status", () => [size, blockLength]);
attempt("erased", () => read(config, size - 2, 2));
attempt("write", () => {
	config.write(Uint8Array.of(1, 2, 3, 0xf0), 10);
	config.write(Uint8Array.of(0x3c), 13);
	return read(config, 9, 6);
});
attempt("a view", () => {
	const all = Uint8Array.of(9, 8, 7, 6);
	config.write(all.subarray(1, 3), 20);
	const into = new Uint8Array(6);
	config.read(into.subarray(2, 4), 20);
	return [...into];
});
attempt("last byte", () => {
	config.write(Uint8Array.of(0x55), size - 1);
	return read(config, size - 1, 1);
});
attempt("erase", () => {
	config.write(Uint8Array.of(0), blockLength);
	config.eraseBlock(0);
	return [read(config, 10, 1), read(config, blockLength, 1)];
});
attempt("read over the end", () => read(config, size - 1, 2));
attempt("write over the end", () => config.write(Uint8Array.of(1, 2), size - 1));
attempt("before the start", () => read(config, -1, 1));
attempt("no offset", () => config.read(new Uint8Array(1), Number.NaN));
attempt("far", () => read(config, 2 ** 32, 1));
attempt("no block", () => config.eraseBlock(size / blockLength));
attempt("block -1", () => config.eraseBlock(-1));
attempt("block 2^32", () => config.eraseBlock(2 ** 32));
attempt("block of nothing", () => config.eraseBlock(undefined as never));
attempt("half a block", () => config.eraseBlock(0.5));
attempt("still there", () => read(config, size - 1, 1));
attempt("no buffer", () => config.read([1] as never, 0));
attempt("wide buffer", () => config.read(new Uint16Array(1) as never, 0));
attempt("into flash", () => config.read(new Uint8Array(new Resource("keyword.json")), 0));
attempt("unknown", () => flash.open({ path: "nothing" }));
attempt("long name", () => flash.open({ path: "x".repeat(100) }));
attempt("alike", () => flash.open({ path: "conf" }));
attempt("neighbour", () => read(flash.open({ path: "baseline" }), 0, 1));
attempt("closed", () => {
	config.close();
	config.close();
	return read(config, 0, 1);
});
attempt("closed status", () => config.status());

attempt("exists", () => [
	Resource.exists("keyword.tflite"),
	Resource.exists("nothing"),
	Resource.exists(""),
	Resource.exists("x".repeat(1000)),
]);
attempt("missing", () => new Resource("nothing"));
attempt("missing, long", () => new Resource("x".repeat(100)));
const card = new Resource("keyword.json");
attempt("card", () => {
	const bytes = new Uint8Array(card);
	const start = String.fromCharCode(...bytes.subarray(0, 9));
	return [start, bytes.length === card.byteLength, bytes[bytes.length - 1] === 125];
});
attempt("model", () => String.fromCharCode(...new Uint8Array(new Resource("keyword.tflite"), 4, 4)));
attempt("write to flash", () => {
	new Uint8Array(card)[0] = 0;
});
attempt("write by view", () => new DataView(card).setUint8(0, 0));
attempt("fill", () => new Uint8Array(card).fill(0));
attempt("unchanged", () => new Uint8Array(card)[0]);

attempt("no such native", () => native(["xs", "nothing"].join("_")));
attempt("no such class", () => Native(["xs", "nothing", "destructor"].join("_")));
attempt("no name", () => native(5 as never));
attempt("not ours", () => native(["construct", "or"].join("")));
const { recipe } = JSON.parse(String.fromCharCode(...new Uint8Array(card)));
attempt("without new", () => (LogMel as never as (r: unknown) => unknown)(recipe));
attempt("another's this", () => LogMel.prototype.read.call(config as never, new ArrayBuffer(1)));
attempt("no native this", () => LogMel.prototype.read.call({} as never, new ArrayBuffer(1)));
attempt("prototype as this", () => LogMel.prototype.read.call(LogMel.prototype, new ArrayBuffer(1)));
attempt("many", () => {
	const before = vitals().pool;
	const one = new LogMel(recipe);
	const bytes = vitals().pool - before;
	one.close();
	const closed = vitals().pool - before;
	for (let i = 0; i < 100; i++) new LogMel(recipe); // left to the collector
	return [bytes > 1000, closed, 100 * bytes > vitals().poolPeak];
});
attempt("memory", () => {
	const { heap, heapPeak, pool, poolPeak, stackPeak } = vitals();
	return [heap > 0 && heap <= heapPeak, pool > 0 && pool <= poolPeak, stackPeak > 0];
});
