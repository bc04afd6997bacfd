/* The twin has no files. XS and the C library can print messages for developers of XS; here they go nowhere, so that the
   image imports nothing but its port. */
#include <stdint.h>

#define NO_FILES 8 /* errno badf of WASI */

int32_t __imported_wasi_snapshot_preview1_fd_write(int32_t fd, int32_t from, int32_t count, int32_t written);
int32_t __imported_wasi_snapshot_preview1_fd_seek(int32_t fd, int64_t offset, int32_t whence, int32_t position);
int32_t __imported_wasi_snapshot_preview1_fd_close(int32_t fd);

int32_t __imported_wasi_snapshot_preview1_fd_write(int32_t fd, int32_t from, int32_t count, int32_t written)
{
	(void)fd; (void)from; (void)count; (void)written;
	return NO_FILES;
}

int32_t __imported_wasi_snapshot_preview1_fd_seek(int32_t fd, int64_t offset, int32_t whence, int32_t position)
{
	(void)fd; (void)offset; (void)whence; (void)position;
	return NO_FILES;
}

int32_t __imported_wasi_snapshot_preview1_fd_close(int32_t fd)
{
	(void)fd;
	return NO_FILES;
}
