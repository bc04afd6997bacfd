import { describe, expect, test } from "vitest";
import { KeywordPipeline } from "../../../firmware/agent/pipeline/keyword.ts";
import type { Detail, Features, Model } from "../../../firmware/agent/pipeline/stage.ts";
import type { Event } from "../../../firmware/agent/telemetry/event.ts";

const RATE = 16000;
const HOP = 320;
const labels = ["silence", "unknown", "yes", "no"];
const recipe = { rate: RATE, hop: HOP, frames: 4, bins: 2 };

/** A microphone whose frames are numbered from 1, and a model that says "yes" for frames of a range. */
class Bench implements Features, Model {
	readonly tensorIn = new Int8Array(8);
	readonly tensorOut = new Int8Array(4).fill(-128);
	/** Frames that were looked at, newest of each run. */
	readonly runs: number[] = [];
	heard = 0;
	waiting = 0;
	dropped = 0;
	closed = 0;
	word: [first: number, last: number] = [0, -1];

	pull(max = Infinity): number {
		const frames = Math.min(max, this.waiting);
		this.waiting -= frames;
		this.heard += frames;
		return frames;
	}
	read(into: ArrayBuffer): void {
		new Int8Array(into).fill(this.heard & 127);
	}
	position(): number {
		return this.heard * HOP + 160;
	}
	lost(): number {
		return this.dropped;
	}
	input(): ArrayBuffer {
		return this.tensorIn.buffer;
	}
	output(): ArrayBuffer {
		return this.tensorOut.buffer;
	}
	invoke(): void {
		const frame = this.tensorIn[0]!;
		this.runs.push(frame);
		this.tensorOut[2] = frame >= this.word[0] && frame <= this.word[1] ? 110 : -128;
	}
	close(): void {
		this.closed++;
	}
}

function pipeline(bench: Bench, decision = {}, detail?: Detail): KeywordPipeline {
	return new KeywordPipeline({
		labels,
		detail,
		recipe,
		decision: { stride: 5, smoothing: 2, threshold: 0.8, refractory: 0.5, ...decision },
		mel: bench,
		interpreter: bench,
	});
}

/** Lets frames come one stride at a time; the events. */
function play(bench: Bench, keyword: KeywordPipeline, strides: number): Event[] {
	const events: Event[] = [];
	for (let i = 0; i < strides; i++) {
		bench.waiting += 5;
		keyword.poll((event) => events.push(event));
	}
	return events;
}

describe("keyword pipeline", () => {
	test("polls once a stride", () => {
		expect(pipeline(new Bench()).period).toBe(100);
	});

	test("runs the model every stride frames, whatever the polls bring", () => {
		const bench = new Bench();
		const keyword = pipeline(bench);
		for (const frames of [1, 3, 4, 0, 2, 7, 3]) {
			bench.waiting += frames;
			keyword.poll(() => {});
		}
		expect(bench.runs).toEqual([5, 10, 15, 20]);
		expect(keyword.health()).toEqual({ windows: 4, lost: 0, overruns: 0 });
	});

	test("asked for windows, it reports what the model made of each, before what it decides", () => {
		const bench = new Bench();
		bench.word = [10, 10];
		const events = play(bench, pipeline(bench, { smoothing: 1 }, "windows"), 2);
		expect(events.map(({ type }) => type)).toEqual(["posteriors", "posteriors", "keyword"]);
		expect(events[1]).toEqual({ t: 0.21, type: "posteriors", posteriors: "0000ee00" });
		expect(events[2]).toMatchObject({ t: 0.21, label: "yes" });
	});

	test("a word gives one event, at the end of the window that decided, with the mean posterior", () => {
		const bench = new Bench();
		bench.word = [20, 60];
		const events = play(bench, pipeline(bench), 30);
		// Runs 20 and 25 see it first; the mean of (0.9297, 0.9297) passes 0.8 at frame 25.
		expect(events).toEqual([{ t: (25 * HOP + 160) / RATE, type: "keyword", label: "yes", score: 0.93 }]);
	});

	test("the mean begins anew after a gap, which is counted", () => {
		const bench = new Bench();
		bench.word = [20, 60];
		const keyword = pipeline(bench, { smoothing: 3 });
		expect(play(bench, keyword, 5)).toEqual([]);
		bench.dropped = 700;
		expect(play(bench, keyword, 2)).toEqual([]);
		expect(play(bench, keyword, 1)).toHaveLength(1);
		expect(keyword.health()).toEqual({ windows: 8, lost: 700, overruns: 1 });
	});

	test("catches up after a delay without keeping others waiting", () => {
		const bench = new Bench();
		const keyword = pipeline(bench);
		bench.waiting = 25;
		keyword.poll(() => {});
		expect(bench.runs).toEqual([5, 10]);
		play(bench, keyword, 3);
		expect(bench.runs).toEqual([5, 10, 15, 20, 25, 30, 35, 40]);
	});

	test("closes what it was given", () => {
		const bench = new Bench();
		pipeline(bench).close();
		expect(bench.closed).toBe(2);
	});

	test.each([
		["takes 8 bytes, the card's recipe makes 10", { recipe: { ...recipe, frames: 5 } }],
		["gives 4 posteriors, the card has 3 labels", { labels: labels.slice(1) }],
	])("refuses a model that %s, and closes everything", (message, options) => {
		const bench = new Bench();
		const decision = { stride: 5, smoothing: 2, threshold: 0.8, refractory: 0.5 };
		const make = () => new KeywordPipeline({ labels, recipe, decision, mel: bench, interpreter: bench, ...options });
		expect(make).toThrow(expect.objectContaining({ code: "model-shape", message: expect.stringContaining(message) }));
		expect(bench.closed).toBe(2);
	});
});
