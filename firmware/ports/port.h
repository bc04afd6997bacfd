/* What a board supplies. Everything above this header is the same code on every target. In the twin each function is a
   wasm import; on a board, a driver. Times are microseconds since the device's last start and never step back. */
#ifndef PORT_H
#define PORT_H
#include <stddef.h>
#include <stdint.h>

/* Why the device started: what the last port_restart was given, or RESET_POWER. */
enum { RESET_POWER = 0, RESET_REQUEST, RESET_MEMORY, RESET_STACK, RESET_EXCEPTION, RESET_STUCK, RESET_FAULT };

uint32_t port_start(void);                                   /* brings the hardware up; the reset reason */
void port_log(const char *text, size_t length);              /* a line for a developer; no newline */
uint64_t port_time_us(void);
uint32_t port_cycles(void);                                  /* a free-running counter for measuring stages; may be constant */
void port_sleep_until(uint64_t time_us);                     /* returns at that time or at an interrupt */
void port_random(void *to, size_t length);
void port_restart(uint32_t reason) __attribute__((noreturn));
void port_watchdog_feed(void);

/* Flash: byte offsets from the start of the data area that board.json maps. Erased bytes are 0xff; write clears bits
   only; erase takes whole sectors. 0 or -1 (out of range, not aligned, or the chip said no). */
typedef struct { uint32_t bytes, sector; } port_flash;
void port_flash_info(port_flash *info);
int port_flash_read(uint32_t offset, void *to, size_t length);
int port_flash_write(uint32_t offset, const void *from, size_t length);
int port_flash_erase(uint32_t offset, size_t length);

/* Sensors: copy up to `count` samples that have come since the last call; how many. Never waits. */
size_t port_audio_read(int16_t *to, size_t count);
size_t port_accel_read(int16_t *to, size_t count);

/* The network link: an ordered stream of bytes. open: 0, or -1 while there is no link. read and write: bytes moved, 0 when
   none can be moved now, -1 when the link is gone. */
int port_link_open(void);
int port_link_read(void *to, size_t count);
int port_link_write(const void *from, size_t count);
void port_link_close(void);
#endif
