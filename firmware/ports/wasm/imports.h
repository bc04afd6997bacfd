/* In the twin every function of port.h is an import of the wasm module. Included before each source of the image. */
#ifndef IMPORTS_H
#define IMPORTS_H
#include "port.h"

#define IMPORT(name) __attribute__((import_module("port"), import_name(#name)))
extern uint32_t port_start(void) IMPORT(start);
extern void port_log(const char *text, size_t length) IMPORT(log);
extern uint64_t port_time_us(void) IMPORT(time_us);
extern uint32_t port_cycles(void) IMPORT(cycles);
extern void port_random(void *to, size_t length) IMPORT(random);
extern void port_restart(uint32_t reason) __attribute__((noreturn)) IMPORT(restart);
extern void port_watchdog_feed(void) IMPORT(watchdog_feed);
extern void port_flash_info(port_flash *info) IMPORT(flash_info);
extern int port_flash_read(uint32_t offset, void *to, size_t length) IMPORT(flash_read);
extern int port_flash_write(uint32_t offset, const void *from, size_t length) IMPORT(flash_write);
extern int port_flash_erase(uint32_t offset, size_t length) IMPORT(flash_erase);
extern size_t port_audio_read(int16_t *to, size_t count) IMPORT(audio_read);
extern size_t port_accel_read(int16_t *to, size_t count) IMPORT(accel_read);
extern int port_link_open(void) IMPORT(link_open);
extern int port_link_read(void *to, size_t count) IMPORT(link_read);
extern int port_link_write(const void *from, size_t count) IMPORT(link_write);
extern void port_link_close(void) IMPORT(link_close);
#endif
