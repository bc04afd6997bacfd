/* The network link: see link.ts. */
#include "native.h"

#include "port.h"

void xs_link_destructor(void *data)
{
	if (data) port_link_close();
}

void xs_link_constructor(xsMachine *the)
{
	static char open;
	if (port_link_open()) xsUnknownError("link: there is no network now");
	xsmcSetHostData(xsThis, &open);
}

static void check_open(xsMachine *the)
{
	if (!xsmcGetHostDataValidate(xsThis, xs_link_destructor)) xsUnknownError("link: it is closed");
}

/* bytes that the link took, 0 when it takes none now; throws when the link is gone */
void xs_link_write(xsMachine *the)
{
	void *from;
	xsUnsignedValue bytes;
	check_open(the);
	xsmcGetBufferReadable(xsArg(0), &from, &bytes);
	int written = port_link_write(from, bytes);
	if (written < 0) xsUnknownError("link: the network is gone");
	xsmcSetInteger(xsResult, written);
}

/* bytes read into the buffer, 0 when there are none now; throws when the link is gone */
void xs_link_read(xsMachine *the)
{
	void *to;
	xsUnsignedValue bytes;
	check_open(the);
	xsmcGetBufferWritable(xsArg(0), &to, &bytes);
	int count = port_link_read(to, bytes);
	if (count < 0) xsUnknownError("link: the network is gone");
	xsmcSetInteger(xsResult, count);
}

void xs_link_close(xsMachine *the)
{
	if (xsmcGetHostData(xsThis)) port_link_close();
	xsmcSetHostData(xsThis, NULL);
}
