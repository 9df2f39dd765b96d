/* Loaded before a program's libraries (LD_PRELOAD): while the file named by WHIPPET_FAIL_FILE exists, fsync and fdatasync of regular files
   answer EIO and do nothing, as a disk does that cannot write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static int fail_or_call(const char *name, int file) {
  const char *path = getenv("WHIPPET_FAIL_FILE");
  if (path != NULL && access(path, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return ((sync_call)dlsym(RTLD_NEXT, name))(file);
}

int fsync(int file) { return fail_or_call("fsync", file); }

int fdatasync(int file) { return fail_or_call("fdatasync", file); }
