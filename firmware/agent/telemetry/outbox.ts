/* Events wait in flash until the link has taken them: a ring of sectors whose writes only clear bits, so that power may
   fail at any of them.

   Sectors are opened in turn, each under the next epoch; epoch e lives in sector e % sectors. Only the newest
   `sectors - 1` epochs count. Opening a sector is one write, its header: it makes the new epoch count, the oldest no longer,
   and records how many events were dropped with the oldest. The sector that no longer counts is erased when it is next
   needed, so at no moment does an erase touch anything that counts.

       sector = [u32 magic "OBX1"][u32 epoch][u32 sequence of its first record][u32 dropped so far][u32 CRC of these] record...
       record = [u16 length][u16 mark][u32 sequence][u32 CRC of length, sequence and payload][payload], padded to 4 bytes

   Little endian. A mark other than 0xffff says that the record was delivered. A record that power cut short does not
   check: it ends its sector, and the next record opens another. Undelivered records have consecutive sequence numbers,
   so `sequence` and `size` say which they are. */
import type { FlashPartition } from "embedded:storage/flash";
import { Fault } from "../fault.ts";
import { crc32 } from "../storage/crc32.ts";

const MAGIC = 0x3158424f;
const SECTOR_HEADER = 20;
const RECORD_HEADER = 12;
const MARK = 2;
const BLANK = 0xffff;

/** Where a record stands: its sector's epoch and its offset in the sector. */
type Place = { epoch: number; offset: number };

export class Outbox {
	readonly #flash: FlashPartition;
	readonly #sectorBytes: number;
	readonly #sectors: number;
	/** Scratch for headers. */
	readonly #scratch = new Uint8Array(SECTOR_HEADER);
	readonly #view = new DataView(this.#scratch.buffer);
	/** The part of the scratch that a record's header takes. */
	readonly #header = this.#scratch.subarray(0, RECORD_HEADER);
	/** The oldest undelivered record, or the tail. */
	readonly #head: Place = { epoch: 0, offset: SECTOR_HEADER };
	/** Where the next record goes; epoch 0 before the first sector was opened. */
	readonly #tail: Place = { epoch: 0, offset: 0 };
	/** The next record's. */
	#sequence = 1;
	#size = 0;
	#dropped = 0;
	/** Sequence of the record that `peek` gave last. */
	#peeked = 0;

	/** Finds what an earlier run left in the partition. Throws a Fault `outbox-too-small` for less than two sectors. */
	constructor(flash: FlashPartition) {
		const { size, blockLength } = flash.status();
		this.#flash = flash;
		this.#sectorBytes = blockLength;
		this.#sectors = Math.floor(size / blockLength);
		if (this.#sectors < 2)
			throw new Fault(
				"outbox-too-small",
				`partition outbox has ${size} bytes, should have 2 sectors of ${blockLength}`,
			);
		this.#recover();
	}

	/** Events that wait. */
	get size(): number {
		return this.#size;
	}

	/** Events that were given up undelivered since the partition was erased: the oldest ones when it was full. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Bytes of the largest event. */
	get largest(): number {
		return this.#sectorBytes - SECTOR_HEADER - RECORD_HEADER;
	}

	/**
	 * Stores an event; on return it is safe from a loss of power. When full, a sector of the oldest is dropped and counted.
	 * @throws Fault `outbox-event-too-large`; and what the flash throws, after which the event is not stored
	 */
	push(event: Uint8Array): void {
		if (event.length > this.largest)
			throw new Fault("outbox-event-too-large", `the event has ${event.length} bytes, at most ${this.largest} fit`);
		const bytes = recordBytes(event.length);
		const tail = this.#tail;
		if (tail.epoch === 0 || tail.offset + bytes > this.#sectorBytes) this.#open();
		const view = this.#view;
		view.setUint16(0, event.length, true);
		view.setUint16(MARK, BLANK, true);
		view.setUint32(4, this.#sequence, true);
		view.setUint32(8, this.#recordCrc(event), true);
		const at = this.#address(tail);
		const end = tail.offset + bytes;
		// A write that throws leaves a sector that ends here, and an event that `peek` will count as dropped.
		tail.offset = this.#sectorBytes;
		this.#sequence++;
		this.#size++;
		this.#flash.write(this.#header, at);
		if (event.length) this.#flash.write(event, at + RECORD_HEADER);
		tail.offset = end;
	}

	/** The oldest event that waits, or undefined. */
	peek(): Uint8Array | undefined {
		while (this.#size > 0) {
			const event = this.#read(this.#head);
			if (event) {
				// Records that went bad before this one are gone.
				this.#give(this.#view.getUint32(4, true) - this.#oldest);
				this.#peeked = this.#oldest;
				return event;
			}
			if (this.#head.epoch === this.#tail.epoch) {
				this.#give(this.#size);
				this.#head.offset = this.#tail.offset;
			} else {
				this.#head.epoch++;
				this.#head.offset = SECTOR_HEADER;
			}
		}
		return undefined;
	}

	/** Marks as delivered what `peek` gave last, unless that has been dropped since. */
	shift(): void {
		if (this.#size === 0 || this.#peeked !== this.#oldest) return;
		const at = this.#address(this.#head);
		this.#flash.read(this.#header, at);
		this.#head.offset += recordBytes(this.#view.getUint16(0, true));
		this.#size--;
		this.#view.setUint16(MARK, 0, true);
		this.#flash.write(this.#scratch.subarray(MARK, MARK + 2), at + MARK);
	}

	/** Sequence number of the oldest event that waits. */
	get #oldest(): number {
		return this.#sequence - this.#size;
	}

	/** Gives up that many of the oldest events. */
	#give(events: number): void {
		this.#size -= events;
		this.#dropped += events;
	}

	#address({ epoch, offset }: Place): number {
		return (epoch % this.#sectors) * this.#sectorBytes + offset;
	}

	/** The CRC of the record whose header stands in the scratch. */
	#recordCrc(payload: Uint8Array): number {
		const header = crc32(this.#scratch.subarray(4, 8), crc32(this.#scratch.subarray(0, 2)));
		return crc32(payload, header);
	}

	/** Reads the header of a record into the scratch; its length, or -1 where the sector's records end. */
	#readHeader(place: Place): number {
		if (place.offset + RECORD_HEADER > this.#sectorBytes) return -1;
		this.#flash.read(this.#header, this.#address(place));
		const length = this.#view.getUint16(0, true);
		return length === BLANK || place.offset + recordBytes(length) > this.#sectorBytes ? -1 : length;
	}

	/** The payload of a record, its header left in the scratch; undefined where there is none that checks. */
	#read(place: Place): Uint8Array | undefined {
		const length = this.#readHeader(place);
		if (length < 0) return undefined;
		const payload = new Uint8Array(length);
		if (length) this.#flash.read(payload, this.#address(place) + RECORD_HEADER);
		return this.#recordCrc(payload) === this.#view.getUint32(8, true) ? payload : undefined;
	}

	/** Reads the header of an epoch's sector into the scratch; false when that epoch is not there. */
	#readSector(epoch: number): boolean {
		this.#flash.read(this.#scratch, this.#address({ epoch, offset: 0 }));
		const view = this.#view;
		return (
			view.getUint32(0, true) === MAGIC &&
			view.getUint32(4, true) === epoch &&
			view.getUint32(16, true) === crc32(this.#scratch.subarray(0, 16))
		);
	}

	/** Opens the sector of the next epoch, which ends the oldest. */
	#open(): void {
		const epoch = this.#tail.epoch + 1;
		const kept = epoch - (this.#sectors - 2);
		const lost = Math.max(0, this.#firstSequence(kept) - this.#oldest);
		this.#flash.eraseBlock(epoch % this.#sectors);
		const view = this.#view;
		view.setUint32(0, MAGIC, true);
		view.setUint32(4, epoch, true);
		view.setUint32(8, this.#sequence, true);
		view.setUint32(12, this.#dropped + lost, true);
		view.setUint32(16, crc32(this.#scratch.subarray(0, 16)), true);
		this.#flash.write(this.#scratch, this.#address({ epoch, offset: 0 }));
		this.#give(lost);
		this.#tail.epoch = epoch;
		this.#tail.offset = SECTOR_HEADER;
		if (this.#size === 0 || this.#head.epoch < kept) {
			this.#head.epoch = this.#size === 0 ? epoch : kept;
			this.#head.offset = SECTOR_HEADER;
		}
	}

	/** Sequence of the first record of that epoch, or of the first one after it that is there. */
	#firstSequence(epoch: number): number {
		for (let at = Math.max(epoch, 1); at <= this.#tail.epoch; at++)
			if (this.#readSector(at)) return this.#view.getUint32(8, true);
		return this.#sequence;
	}

	#recover(): void {
		const newest = this.#newestEpoch();
		if (newest === 0) return;
		this.#readSector(newest);
		this.#sequence = this.#view.getUint32(8, true);
		this.#dropped = this.#view.getUint32(12, true);
		const tail = this.#tail;
		tail.epoch = newest;
		tail.offset = SECTOR_HEADER;
		for (let record = this.#read(tail); record; record = this.#read(tail)) {
			tail.offset += recordBytes(record.length);
			this.#sequence++;
		}
		const end = tail.offset;
		if (!this.#isBlank(tail)) tail.offset = this.#sectorBytes;
		this.#head.epoch = newest;
		this.#head.offset = end;
		for (let epoch = Math.max(newest - (this.#sectors - 2), 1); epoch <= newest; epoch++)
			if (this.#readSector(epoch) && this.#findUndelivered(epoch)) return;
	}

	/** The newest epoch that has a sector, 0 when the partition holds none. */
	#newestEpoch(): number {
		let newest = 0;
		for (let sector = 0; sector < this.#sectors; sector++) {
			this.#flash.read(this.#scratch, sector * this.#sectorBytes);
			const epoch = this.#view.getUint32(4, true);
			if (epoch > newest && epoch % this.#sectors === sector && this.#readSector(epoch)) newest = epoch;
		}
		return newest;
	}

	/** Puts the head to the first undelivered record of that epoch; false when it has none. */
	#findUndelivered(epoch: number): boolean {
		const place = { epoch, offset: SECTOR_HEADER };
		for (let length = this.#readHeader(place); length >= 0; length = this.#readHeader(place)) {
			if (this.#view.getUint16(MARK, true) === BLANK) {
				if (!this.#read(place)) return false;
				this.#head.epoch = epoch;
				this.#head.offset = place.offset;
				this.#size = this.#sequence - this.#view.getUint32(4, true);
				return true;
			}
			place.offset += recordBytes(length);
		}
		return false;
	}

	/** Whether nothing has been written in a sector from a place on. */
	#isBlank({ epoch, offset }: Place): boolean {
		const sector = this.#address({ epoch, offset: 0 });
		let chunk = new Uint8Array(64);
		for (; offset < this.#sectorBytes; offset += chunk.length) {
			if (offset + chunk.length > this.#sectorBytes) chunk = chunk.subarray(0, this.#sectorBytes - offset);
			this.#flash.read(chunk, sector + offset);
			for (let i = 0; i < chunk.length; i++) if (chunk[i] !== 0xff) return false;
		}
		return true;
	}
}

/** Bytes that a record takes in flash. */
function recordBytes(length: number): number {
	return (RECORD_HEADER + length + 3) & ~3;
}
