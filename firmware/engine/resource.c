/* The SDK's `Resource` for our own ports: files that the build put into flash, read in place. */
#include "native.h"

#include <string.h>

#include "engine.h"

static const flash_resource *find(xsMachine *the)
{
	const char *name = xsmcToString(xsArg(0));
	for (const flash_resource *r = flash_resources; r->name; r++)
		if (!strcmp(r->name, name)) return r;
	return NULL;
}

void xs_resource_destructor(void *data) { (void)data; }

void xs_resource_constructor(xsMachine *the)
{
	const flash_resource *r = find(the);
	if (!r) xsUnknownError("no such resource in this image: %s", xsmcToString(xsArg(0)));
	xsmcSetHostBuffer(xsThis, (void *)r->data, (xsIntegerValue)r->bytes);
	xsmcPetrifyHostBuffer(xsThis);
}

void xs_resource_length(xsMachine *the) { xsmcSetInteger(xsResult, xsmcGetHostBufferLength(xsThis)); }

void xs_resource_exists(xsMachine *the) { xsmcSetBoolean(xsResult, find(the) != NULL); }
