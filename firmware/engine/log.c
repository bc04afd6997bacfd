/* trace(...): a line in the developer's log. */
#include "natives.h"
#include "port.h"

void native_trace(txMachine *the)
{
	for (txInteger i = 0; i < mxArgc; i++) {
		txString text = fxToString(the, mxArgv(i));
		size_t length = c_strlen(text);
		if (length && text[length - 1] == '\n') length--; /* the SDK's trace wants a newline, a log line has its own */
		port_log(text, length);
	}
}
