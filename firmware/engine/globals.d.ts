/** What the engine gives every script on the device, and the SDK's modules that the agent imports. */

/** The C function of that name, to be called with `.call(this, ...)`. Bound at build time by the Moddable SDK. */
declare function native(name: string): (this: unknown, ...args: unknown[]) => never;
/** A base class whose instances carry C data, freed by the destructor of that name. */
declare function Native(destructor: string): new () => object;
/** Writes a line to the developer's log. */
declare function trace(...text: string[]): void;

declare module "timer" {
	export type TimerHandle = object;
	const Timer: {
		/** Calls `callback` once after `ms`, then every `repeat` ms if that is given. */
		set(callback: () => void, ms?: number, repeat?: number): TimerHandle;
		repeat(callback: () => void, ms: number): TimerHandle;
		clear(timer: TimerHandle): void;
	};
	export default Timer;
}

declare module "time" {
	const Time: {
		/** Milliseconds since the device's last start. */
		readonly ticks: number;
	};
	export default Time;
}

declare module "Resource" {
	/** A file that the build put into flash, as a read-only buffer in place; throws when there is none of that name. */
	const Resource: { new (path: string): ArrayBuffer; exists(path: string): boolean };
	export default Resource;
}

declare module "embedded:storage/flash" {
	export interface FlashPartition {
		/** bytes, and bytes of an erase block */
		status(): { size: number; blockLength: number };
		read(buffer: Uint8Array, offset: number): void;
		/** Clears bits only: an erased byte is 0xff. */
		write(buffer: Uint8Array, offset: number): void;
		eraseBlock(block: number): void;
		close(): void;
	}
	/** Opens a partition of the data area by the name that board.json gives it; throws when there is none. */
	const flash: { open(options: { path: string }): FlashPartition };
	export default flash;
}
