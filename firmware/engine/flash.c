/* The SDK's `embedded:storage/flash` for our own ports: partitions of the data area by name. A partition object's C data is
   its entry in the table that the build makes from board.json. */
#include "native.h"

#include <string.h>

#include "engine.h"
#include "port.h"

void xs_flash_destructor(void *data) { (void)data; }

void xs_flash_constructor(xsMachine *the)
{
	const char *name = xsmcToString(xsArg(0));
	for (const flash_partition *p = flash_partitions; p->name; p++)
		if (!strcmp(p->name, name)) {
			xsmcSetHostData(xsThis, (void *)p);
			return;
		}
	xsUnknownError("flash: board has no partition %s", name);
}

static const flash_partition *partition(xsMachine *the)
{
	const flash_partition *p = xsmcGetHostDataValidate(xsThis, xs_flash_destructor);
	if (!p) xsUnknownError("flash: partition is closed");
	return p;
}

/* offset of argument 1, checked to leave room for `bytes` */
static uint32_t place(xsMachine *the, const flash_partition *p, uint32_t bytes)
{
	xsNumberValue offset = xsmcToNumber(xsArg(1));
	if (!(offset >= 0) || offset + bytes > p->bytes)
		xsRangeError("flash: %d bytes at %d do not fit partition of %d", (int)bytes, (int)offset, (int)p->bytes);
	return p->offset + (uint32_t)offset;
}

void xs_flash_read(xsMachine *the)
{
	void *to;
	xsUnsignedValue bytes;
	const flash_partition *p = partition(the);
	xsmcGetBufferWritable(xsArg(0), &to, &bytes);
	if (port_flash_read(place(the, p, bytes), to, bytes)) xsUnknownError("flash: read failed");
}

void xs_flash_write(xsMachine *the)
{
	void *from;
	xsUnsignedValue bytes;
	const flash_partition *p = partition(the);
	xsmcGetBufferReadable(xsArg(0), &from, &bytes);
	if (port_flash_write(place(the, p, bytes), from, bytes)) xsUnknownError("flash: write failed");
}

void xs_flash_erase(xsMachine *the)
{
	const flash_partition *p = partition(the);
	port_flash flash;
	port_flash_info(&flash);
	/* Not as an integer: undefined, 0.5 and 2^32 would become block 0, and that is lost. */
	xsNumberValue block = xsmcToNumber(xsArg(0));
	uint32_t blocks = p->bytes / flash.sector;
	if (!(block >= 0 && block < blocks) || block != (uint32_t)block)
		xsRangeError("flash: a block is a whole number below %d in partition of %d bytes", (int)blocks, (int)p->bytes);
	if (port_flash_erase(p->offset + (uint32_t)block * flash.sector, flash.sector)) xsUnknownError("flash: erase failed");
}

void xs_flash_size(xsMachine *the) { xsmcSetInteger(xsResult, (xsIntegerValue)partition(the)->bytes); }

void xs_flash_block(xsMachine *the)
{
	port_flash flash;
	port_flash_info(&flash);
	xsmcSetInteger(xsResult, (xsIntegerValue)flash.sector);
}

void xs_flash_close(xsMachine *the) { xsmcSetHostData(xsThis, NULL); }
