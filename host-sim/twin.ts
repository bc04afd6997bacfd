/*
 * A twin: one device, simulated. The image is the firmware as wasm; its linear memory is the device's RAM, the twin's
 * `flash` its flash, and its imports are the port: everything the device learns of the world comes through them. Time is a
 * number that only `run` moves on, from one thing the device wants to do to the next, so a run is as fast as the host can
 * compute and gives the same events every time.
 *
 * RAM + flash + the position in each sensor's signal is all the state there is, so a twin can be copied and rewound.
 */
import type { Event } from "../firmware/agent/telemetry/event.ts";
import type { Board } from "./board.ts";
import { EventStream } from "./events.ts";
import { Flash } from "./flash.ts";
import type { Signal } from "./world/signal.ts";

/** A board's firmware, built and compiled. */
export interface Image {
	board: Board;
	module: WebAssembly.Module;
}

export interface TwinOptions {
	image: Image;
	/** What the sensors sense, at their own rates. Sound that has ended is silence; vibration that has ended is no more. */
	sensors?: { audio?: Signal; acceleration?: Signal };
	/** What the data area holds at first; erased when absent. */
	flash?: Uint8Array;
	/** Measure stages with the host's clock. Off, the device's cycle counter stands still and runs are repeatable. */
	timing?: boolean;
	/** Of the device's random numbers. */
	seed?: number;
	onEvent?: (event: Event) => void;
	onLog?: (text: string) => void;
}

/** Host microseconds that a stage took, and how often it ran. */
export interface StageTime {
	us: number;
	count: number;
}

export interface Stages {
	features: StageTime;
	inference: StageTime;
	script: StageTime & { bytecodes: number };
}

/** Bytes that the board reserves, and the most that was used. */
export interface MemoryUse {
	heap: { bytes: number; peak: number };
	pool: { bytes: number; peak: number };
	stack: { bytes: number; peak: number };
}

/** Why the device starts: the numbers of port.h. */
const reset = { power: 0, stack: 3, fault: 6 } as const;
/** Microseconds of device time from a restart to the first instruction. */
const BOOT_TIME = 100_000;
/** Failed starts in a row after which a device is given up. */
const STARTS = 5;

/** A simulation that cannot go on. */
export class TwinError extends Error {
	override readonly name = "TwinError";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

interface Exports {
	memory: WebAssembly.Memory;
	start(): void;
	turn(): bigint;
	report(): number;
}

/** Thrown by port_restart to leave the image from wherever it is. */
class Restart {
	readonly reason: number;
	constructor(reason: number) {
		this.reason = reason;
	}
}

/** How far a sensor's signal was given to the device, in samples. */
interface Sensor {
	signal: Signal | undefined;
	given: number;
	/** what comes after the signal's end: zeros, or nothing */
	endless: boolean;
}

/** All of a device's state, to go back to. */
export interface Snapshot {
	readonly memory: Uint8Array;
	readonly flash: Uint8Array;
	readonly now: number;
	readonly wake: number;
	readonly started: number;
	readonly given: readonly number[];
	readonly random: number;
	readonly reason: number;
}

export class Twin {
	readonly image: Image;
	readonly flash: Flash;
	/** How often the device restarted by itself. */
	restarts = 0;
	/** Whether there is a network. Events wait in the outbox while there is none. */
	connected = true;
	readonly #options: TwinOptions;
	readonly #audio: Sensor;
	readonly #acceleration: Sensor;
	#device!: Exports;
	#stream!: EventStream;
	/** microseconds of device time: now, and when the device wants to be turned again */
	#now = 0;
	#wake = 0;
	/** when the device started: its clock begins there, and its sensors */
	#started = 0;
	#reason: number = reset.power;
	#random: number;
	/** the last line of the device's log */
	#last = "no word in its log";

	private constructor(options: TwinOptions) {
		const { image, sensors = {}, flash, seed = 1 } = options;
		this.#options = options;
		this.image = image;
		this.flash = new Flash(
			flash?.slice() ?? new Uint8Array(image.board.flash.bytes).fill(0xff),
			image.board.flash.sector,
		);
		this.#audio = { signal: sensors.audio, given: 0, endless: true };
		this.#acceleration = { signal: sensors.acceleration, given: 0, endless: false };
		this.#random = seed >>> 0 || 1;
	}

	/** Makes a device and switches it on: the agent's main module has run when it returns. */
	static async create(options: TwinOptions): Promise<Twin> {
		const twin = new Twin(options);
		twin.#boot();
		return twin;
	}

	/** Seconds since the twin was made. The device's own clock, which its events are in, begins at each of its starts. */
	get now(): number {
		return this.#now / 1e6;
	}

	/** Lets the device do all that it has to do until `until` seconds of device time. */
	run(until: number): void {
		const end = Math.round(until * 1e6);
		while (this.#wake <= end) {
			this.#now = Math.max(this.#now, this.#wake);
			const turned = this.#completes(() => {
				this.#wake = this.#started + Number(BigInt.asUintN(64, this.#device.turn()));
			});
			if (!turned) this.#boot();
		}
		this.#now = Math.max(this.#now, end);
	}

	/** Lets time pass without the device doing anything, as when it is busy elsewhere: its sensors go on. */
	stall(seconds: number): void {
		this.#now += Math.round(seconds * 1e6);
	}

	/** Switches the device off and on: RAM is lost and its clock begins anew, flash stays. */
	powerCycle(): void {
		this.#reason = reset.power;
		this.#boot();
	}

	snapshot(): Snapshot {
		return {
			memory: new Uint8Array(this.#device.memory.buffer).slice(),
			flash: this.flash.bytes.slice(),
			now: this.#now,
			wake: this.#wake,
			started: this.#started,
			given: [this.#audio.given, this.#acceleration.given],
			random: this.#random,
			reason: this.#reason,
		};
	}

	/** Goes back to a snapshot of this twin or of another with the same image. */
	restore(snapshot: Snapshot): void {
		new Uint8Array(this.#device.memory.buffer).set(snapshot.memory);
		this.flash.bytes.set(snapshot.flash);
		this.#now = snapshot.now;
		this.#wake = snapshot.wake;
		this.#started = snapshot.started;
		this.#audio.given = snapshot.given[0]!;
		this.#acceleration.given = snapshot.given[1]!;
		this.#random = snapshot.random;
		this.#reason = snapshot.reason;
		this.#stream = this.#newStream();
	}

	/** Times since the device's last start; zeros unless it was made with `timing`. */
	get timing(): Stages {
		const report = this.#report();
		const stage = (at: number) => ({ us: report[at]!, count: report[at + 1]! });
		return { features: stage(6), inference: stage(8), script: { ...stage(10), bytecodes: report[12]! } };
	}

	/** Memory since the device's last start. */
	get memory(): MemoryUse {
		const report = this.#report();
		const use = (at: number) => ({ bytes: report[at]!, peak: report[at + 1]! });
		return { heap: use(0), pool: use(2), stack: use(4) };
	}

	/** The numbers of firmware/ports/wasm/twin.c. */
	#report(): Uint32Array {
		return new Uint32Array(this.#device.memory.buffer, this.#device.report(), 13);
	}

	#newStream(): EventStream {
		return new EventStream((event) => this.#options.onEvent?.(event));
	}

	/** Starts the device; again, after a moment, when it fails at its very start. */
	#boot(): void {
		for (let attempt = 0; attempt < STARTS; attempt++) {
			this.#stream = this.#newStream();
			const instance = new WebAssembly.Instance(this.image.module, { port: this.#port() });
			this.#device = instance.exports as unknown as Exports;
			this.#wake = this.#started = this.#now;
			for (const sensor of [this.#audio, this.#acceleration]) sensor.given = this.#sensed(sensor);
			if (this.#completes(() => this.#device.start())) return;
		}
		throw new TwinError("restart-loop", `the device failed at its start ${STARTS} times in a row: ${this.#last}`);
	}

	/** Runs a part of the device; false when the device has to start anew, with the reason noted. */
	#completes(part: () => void): boolean {
		try {
			part();
			return true;
		} catch (thrown) {
			if (thrown instanceof Restart) this.#reason = thrown.reason;
			else if (thrown instanceof RangeError && /call stack/.test(thrown.message)) this.#fault(reset.stack, thrown);
			else if (thrown instanceof WebAssembly.RuntimeError) this.#fault(reset.fault, thrown);
			else throw thrown;
			this.restarts++;
			this.#now += BOOT_TIME;
			return false;
		}
	}

	/** What a board's hardware would catch. */
	#fault(reason: number, thrown: Error): void {
		this.#reason = reason;
		this.#log(`fault: ${thrown.message}`);
	}

	#log(text: string): void {
		this.#last = text;
		this.#options.onLog?.(text);
	}

	#bytes(at: number, length: number): Uint8Array {
		return new Uint8Array(this.#device.memory.buffer, at, length);
	}

	/** How many samples of the signal have passed by the sensor. */
	#sensed({ signal, endless }: Sensor): number {
		if (!signal) return 0;
		const passed = Math.floor((this.#now * signal.rate) / 1e6);
		return endless ? passed : Math.min(passed, signal.length);
	}

	/** Copies what the sensor has sensed since the last call, up to `count` samples; how many. */
	#sense(sensor: Sensor, at: number, count: number): number {
		const length = Math.min(count, this.#sensed(sensor) - sensor.given);
		if (!sensor.signal || length <= 0) return 0;
		sensor.signal.read(sensor.given, new Int16Array(this.#device.memory.buffer, at, length));
		sensor.given += length;
		return length;
	}

	/** xorshift32 (Marsaglia 2003): repeatable, which is all that a simulated device wants of chance. */
	#nextRandom(): number {
		let x = this.#random;
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		this.#random = x >>> 0;
		return this.#random;
	}

	/** The functions of firmware/ports/port.h. */
	#port(): WebAssembly.ModuleImports {
		const { timing } = this.#options;
		const done = (ok: boolean) => (ok ? 0 : -1);
		return {
			start: () => this.#reason,
			log: (at: number, length: number) => this.#log(new TextDecoder().decode(this.#bytes(at, length))),
			time_us: () => BigInt(this.#now - this.#started),
			cycles: timing ? () => Math.round(performance.now() * 1000) >>> 0 : () => 0,
			random: (at: number, length: number) => {
				const to = this.#bytes(at, length);
				for (let i = 0; i < length; i++) to[i] = this.#nextRandom() >>> 24;
			},
			restart: (reason: number) => {
				throw new Restart(reason);
			},
			watchdog_feed: () => {},
			flash_info: (at: number) => {
				new Uint32Array(this.#device.memory.buffer, at, 2).set([this.flash.bytes.length, this.flash.sector]);
			},
			flash_read: (offset: number, to: number, length: number) =>
				done(this.flash.read(offset, this.#bytes(to, length))),
			flash_write: (offset: number, from: number, length: number) =>
				done(this.flash.write(offset, this.#bytes(from, length))),
			flash_erase: (offset: number, length: number) => done(this.flash.erase(offset, length)),
			audio_read: (to: number, count: number) => this.#sense(this.#audio, to, count),
			accel_read: (to: number, count: number) => this.#sense(this.#acceleration, to, count),
			link_open: () => {
				if (this.connected) this.#stream = this.#newStream();
				return done(this.connected);
			},
			link_read: () => (this.connected ? 0 : -1),
			link_write: (from: number, count: number) => {
				if (!this.connected) return -1;
				this.#stream.push(this.#bytes(from, count).slice());
				return count;
			},
			link_close: () => {},
		};
	}
}
