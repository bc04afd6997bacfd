import { beforeEach, describe, expect, test } from "vitest";
import { Outbox } from "../../../firmware/agent/telemetry/outbox.ts";
import { type Stream, Uplink } from "../../../firmware/agent/telemetry/uplink.ts";
import { Flash } from "../../bindings/flash.ts";
import { advance, now, powerOn } from "../../bindings/timer.ts";

/** A network that can be there or not, and takes so many bytes. */
class Network {
	there = true;
	/** Bytes that it takes before it is congested. */
	room = Infinity;
	/** What came over each connection. */
	readonly connections: number[][] = [];
	readonly attempts: number[] = [];
	closed = 0;

	connect = (): Stream => {
		this.attempts.push(now);
		if (!this.there) throw new Error("link: there is no network now");
		const received: number[] = [];
		this.connections.push(received);
		return {
			write: (bytes) => {
				if (!this.there) throw new Error("link: the network is gone");
				const taken = Math.min(this.room, bytes.length);
				this.room -= taken;
				received.push(...bytes.subarray(0, taken));
				return taken;
			},
			close: () => {
				this.closed++;
			},
		};
	};
}

let network: Network;
let outbox: Outbox;
let uplink: Uplink;

beforeEach(() => {
	powerOn();
	network = new Network();
	outbox = new Outbox(new Flash(1024, 256));
	uplink = new Uplink(outbox, network.connect);
});

function send(...bytes: number[]): void {
	outbox.push(new Uint8Array(bytes));
	uplink.drain();
}

describe("uplink", () => {
	test("sends at once what comes into the outbox", () => {
		send(1, 2);
		send(3);
		expect(network.connections).toEqual([[1, 2, 3]]);
		expect(outbox.size).toBe(0);
		expect(uplink).toMatchObject({ up: true, losses: 0 });
	});

	test("goes on where a congested link stopped", () => {
		network.room = 1;
		send(1, 2, 3);
		expect(outbox.size).toBe(1);
		network.room = 100;
		advance(50);
		expect(network.connections).toEqual([[1, 2, 3]]);
		expect(outbox.size).toBe(0);
	});

	test("keeps events while there is no network, and sends them in order when there is", () => {
		network.there = false;
		send(1);
		send(2);
		expect(uplink.up).toBe(false);
		network.there = true;
		advance(1000);
		expect(network.connections).toEqual([[1, 2]]);
	});

	test("tries ever more rarely, at least once a minute", () => {
		network.there = false;
		send(1);
		advance(400_000);
		const waits = network.attempts.slice(1).map((time, i) => time - network.attempts[i]!);
		expect(waits.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
	});

	test("an event that the lost link cut short is sent whole on the next", () => {
		network.room = 2;
		send(1, 2, 3);
		network.there = false;
		advance(50);
		expect(uplink).toMatchObject({ up: false, losses: 1 });
		expect(network.closed).toBe(1);
		network.there = true;
		network.room = 100;
		advance(60_000);
		expect(network.connections).toEqual([
			[1, 2],
			[1, 2, 3],
		]);
		expect(outbox.size).toBe(0);
	});

	test("waits anew from the first backoff after a link that was up", () => {
		network.there = false;
		send(1);
		advance(7000);
		network.there = true;
		advance(8000);
		network.there = false;
		network.attempts.length = 0;
		send(2);
		advance(1000);
		expect(network.attempts).toHaveLength(1);
	});

	test("finishes an event that was dropped from the outbox while its bytes were under way", () => {
		network.room = 1;
		send(1, 2, 3);
		for (let i = 0; i < 200; i++) outbox.push(new Uint8Array([9, 9]));
		expect(outbox.dropped).toBeGreaterThan(0);
		const { size } = outbox;
		network.room = Infinity;
		advance(50);
		expect(network.connections).toEqual([[1, 2, 3, ...new Array<number>(2 * size).fill(9)]]);
		expect(outbox.size).toBe(0);
	});

	test("a flash that fails does not end it", () => {
		const { peek } = outbox;
		outbox.peek = () => {
			throw new Error("the chip said no");
		};
		expect(() => send(1)).not.toThrow();
		outbox.peek = peek;
		advance(1000);
		expect(network.connections.at(-1)).toEqual([1]);
	});
});
