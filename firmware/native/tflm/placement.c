/* Which slots can lie at the same place because they are never needed at the same time.

   Placing such intervals in the least memory is bin packing, so this is a heuristic, but a good one for the chains that
   networks are: the largest first, each into the tightest gap that those already placed leave while it is needed, at the
   end when there is none. */
#include "interpreter.h"

tflm_slot *tflm_memory_of(tflm_layout *layout, tflm_slot *slot)
{
	while (slot != &layout->slots[slot->shares]) slot = &layout->slots[slot->shares];
	return slot;
}

/* Where a slot that starts at `offset` ends, up to the next place where one can start. */
static uint32_t end_of(const tflm_slot *slot, uint32_t offset)
{
	return offset + tflm_round_up(slot->bytes, TFLM_ALIGNMENT);
}

static int overlap(const tflm_slot *a, const tflm_slot *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* How many bytes are free at `offset` while `slot` is needed: 0 when it is taken. */
static uint32_t free_at(const tflm_layout *layout, const tflm_slot *slot, uint32_t offset)
{
	uint32_t room = UINT32_MAX;
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *other = &layout->slots[i];
		if (!other->placed || !overlap(slot, other) || end_of(other, other->offset) <= offset) continue;
		if (other->offset <= offset) return 0;
		if (other->offset - offset < room) room = other->offset - offset;
	}
	return room;
}

static uint32_t tightest(const tflm_layout *layout, const tflm_slot *slot)
{
	uint32_t best = 0, best_room = free_at(layout, slot, 0);
	if (best_room < slot->bytes) best_room = 0;
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *other = &layout->slots[i];
		if (!other->placed || !overlap(slot, other)) continue;
		uint32_t offset = end_of(other, other->offset), room = free_at(layout, slot, offset);
		if (room < slot->bytes) continue;
		if (!best_room || room < best_room || (room == best_room && offset < best)) best = offset, best_room = room;
	}
	return best;
}

uint32_t tflm_place(tflm_layout *layout)
{
	uint32_t peak = 0;
	for (;;) {
		int32_t next = -1;
		for (uint32_t i = 0; i < layout->slot_count; i++) {
			if (layout->slots[i].placed || layout->slots[i].shares != (int16_t)i) continue;
			if (next < 0 || layout->slots[i].bytes > layout->slots[next].bytes) next = (int32_t)i;
		}
		if (next < 0) break;
		tflm_slot *slot = &layout->slots[next];
		slot->offset = tightest(layout, slot);
		slot->placed = 1;
		uint32_t end = end_of(slot, slot->offset);
		if (end > 0x40000000 || (slot->is_state && slot->bytes > 0xffffff)) return UINT32_MAX;
		if (end > peak) peak = end;
	}
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		layout->slots[i].offset = tflm_memory_of(layout, &layout->slots[i])->offset;
	}
	return peak;
}
