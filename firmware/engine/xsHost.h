/* XS's host header, as native modules include it. */
#ifndef XS_HOST_H
#define XS_HOST_H
#include <stdint.h>

#define ICACHE_XS6RO_ATTR
#define ICACHE_XS6RO2_ATTR
#define ICACHE_RODATA_ATTR
#define modLog(msg)

uint32_t modMilliseconds(void);
#endif
