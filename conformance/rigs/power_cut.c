/* Cuts the power of one mounted ext4 or XFS file system: from now on nothing reaches its disk, not even its own journal.
   Usage: power_cut MOUNT. The request is the "shutdown" ioctl of these file systems; 2 means without flushing the log. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define SHUTDOWN_REQUEST _IOR('X', 125, uint32_t)
#define WITHOUT_LOG_FLUSH 2

int main(int count, char **words) {
  if (count != 2) {
    fprintf(stderr, "usage: power_cut MOUNT\n");
    return 2;
  }
  int folder = open(words[1], O_RDONLY | O_DIRECTORY);
  if (folder < 0) {
    perror(words[1]);
    return 1;
  }
  uint32_t how = WITHOUT_LOG_FLUSH;
  if (ioctl(folder, SHUTDOWN_REQUEST, &how) != 0) {
    perror("shutdown request");
    return 1;
  }
  return 0;
}
