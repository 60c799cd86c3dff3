/* A bad disk, played to a server that has this library in LD_PRELOAD.
 *
 * BAD_DISK names a folder that acts badly while a file of one of these names is in BAD_DISK_FAULTS:
 *
 *   hang-sync    fsync and fdatasync don't return before the file is gone
 *   hang-write   nor do write and pwrite
 *   read-only    whatever would change the folder fails with EROFS, as after an error of the disk
 *
 * Each fault that was met leaves "met-<fault>" there, so that a test can prove that it was.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int (*real_open)(const char*, int, ...);
static const char* disk;
static const char* faults;

__attribute__((constructor)) static void Begin(void) {
  real_open = NEXT(open);
  disk = getenv("BAD_DISK");
  faults = getenv("BAD_DISK_FAULTS");
}

static int IsOn(const char* fault) {
  char path[PATH_MAX];
  if (disk == NULL || faults == NULL) return 0;
  snprintf(path, sizeof path, "%s/%s", faults, fault);
  const int before = errno;
  const int on = access(path, F_OK) == 0;
  errno = before;
  return on;
}

static void Note(const char* fault) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/met-%s", faults, fault);
  const int file = real_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) close(file);
}

static int IsBelow(const char* path) {
  const size_t size = strlen(disk);
  return strncmp(path, disk, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static int IsOnDisk(int file) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  return IsBelow(path);
}

static void HangOn(const char* fault, int file) {
  if (!IsOn(fault) || !IsOnDisk(file)) return;
  Note(fault);
  while (IsOn(fault)) usleep(2000);
}

/* Everything that would change the disk fails so. */
static int Refuses(void) {
  Note("read-only");
  errno = EROFS;
  return 1;
}
static int RefusesPath(const char* path) { return IsOn("read-only") && IsBelow(path) && Refuses(); }
static int RefusesFile(int file) { return IsOn("read-only") && IsOnDisk(file) && Refuses(); }

static int Open(const char* path, int flags, mode_t mode) {
  const int changes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_ACCMODE) != O_RDONLY;
  if (changes && RefusesPath(path)) return -1;
  return real_open(path, flags, mode);
}
int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return Open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return Open(path, flags, mode);
}
int __open_2(const char* path, int flags) { return Open(path, flags, 0); }
int __open64_2(const char* path, int flags) { return Open(path, flags, 0); }

int fsync(int file) {
  HangOn("hang-sync", file);
  return RefusesFile(file) ? -1 : NEXT(fsync)(file);
}
int fdatasync(int file) {
  HangOn("hang-sync", file);
  return RefusesFile(file) ? -1 : NEXT(fdatasync)(file);
}
ssize_t write(int file, const void* bytes, size_t size) {
  HangOn("hang-write", file);
  return RefusesFile(file) ? -1 : NEXT(write)(file, bytes, size);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  HangOn("hang-write", file);
  return RefusesFile(file) ? -1 : NEXT(pwrite)(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return pwrite(file, bytes, size, offset);
}
int ftruncate(int file, off_t size) { return RefusesFile(file) ? -1 : NEXT(ftruncate)(file, size); }
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }
int fallocate(int file, int mode, off_t offset, off_t size) {
  return RefusesFile(file) ? -1 : NEXT(fallocate)(file, mode, offset, size);
}
int fallocate64(int file, int mode, off64_t offset, off64_t size) {
  return fallocate(file, mode, offset, size);
}
int rename(const char* from, const char* to) {
  return RefusesPath(from) ? -1 : NEXT(rename)(from, to);
}
int link(const char* from, const char* to) { return RefusesPath(to) ? -1 : NEXT(link)(from, to); }
int unlink(const char* path) { return RefusesPath(path) ? -1 : NEXT(unlink)(path); }
int mkdir(const char* path, mode_t mode) {
  return RefusesPath(path) ? -1 : NEXT(mkdir)(path, mode);
}
int rmdir(const char* path) { return RefusesPath(path) ? -1 : NEXT(rmdir)(path); }
