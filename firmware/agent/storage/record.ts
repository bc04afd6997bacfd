/* One record in a flash partition of its own, from its first byte on: [u32 magic "CRKT"][u32 length][u32 CRC-32 of the
   payload][payload], little endian. Erased means there is none; anything else that does not check is torn or corrupt. */
import type { FlashPartition } from "embedded:storage/flash";
import { Fault } from "../fault.ts";
import { crc32 } from "./crc32.ts";

const MAGIC = 0x544b5243;
const HEADER = 12;

/** The record's bytes, as they stand in flash. */
export function encodeRecord(payload: Uint8Array): Uint8Array {
	const record = new Uint8Array(HEADER + payload.length);
	const view = new DataView(record.buffer);
	view.setUint32(0, MAGIC, true);
	view.setUint32(4, payload.length, true);
	view.setUint32(8, crc32(payload), true);
	record.set(payload, HEADER);
	return record;
}

/** The payload, or undefined when the partition is erased. Throws a Fault `record-corrupt` otherwise. */
export function readRecord(partition: FlashPartition): Uint8Array | undefined {
	const header = new Uint8Array(HEADER);
	partition.read(header, 0);
	if (header.every((byte) => byte === 0xff)) return undefined;
	const view = new DataView(header.buffer);
	const length = view.getUint32(4, true);
	const room = partition.status().size - HEADER;
	if (view.getUint32(0, true) !== MAGIC) throw new Fault("record-corrupt", "its magic number is not CRKT");
	if (length > room) throw new Fault("record-corrupt", `its length is ${length}, the partition has room for ${room}`);
	const payload = new Uint8Array(length);
	if (length) partition.read(payload, HEADER);
	if (crc32(payload) !== view.getUint32(8, true)) throw new Fault("record-corrupt", "its CRC-32 does not match");
	return payload;
}

/** Replaces the record. Power lost meanwhile leaves a record that does not check, never a wrong one. */
export function writeRecord(partition: FlashPartition, payload: Uint8Array): void {
	const { size, blockLength } = partition.status();
	const record = encodeRecord(payload);
	if (record.length > size)
		throw new Fault("record-too-large", `the record has ${record.length} bytes, the partition ${size}`);
	for (let block = 0; block * blockLength < record.length; block++) partition.eraseBlock(block);
	partition.write(record, 0);
}
