/* Preloaded into a program to find out what a power loss would leave of one
 * folder. Beside the folder it keeps a second one with only what was flushed:
 *
 *   BB_POWERLOSS_DIR      the folder, as the program names it (absolute)
 *   BB_POWERLOSS_DURABLE  an empty folder: "data" gets one file per inode, and
 *                         "names" the names, as links to those
 *   BB_POWERLOSS_KEEP     optional: so many of 100 writes reach the disk at once,
 *                         as a system does that writes early; the order is random
 *   BB_POWERLOSS_SEED     optional: of that chance
 *   BB_POWERLOSS_FAIL     optional: while this file is there, the next flush fails
 *                         with EIO, what it covered is never written, and the file
 *                         is removed. Flushes after it succeed, as they do on
 *                         Linux: they cover only what was written since.
 *
 * A file's content is durable by fsync or fdatasync of it, its name only by fsync
 * of the folder. What was in the folder at the start counts as durable. Files that
 * are written through memory are not followed (SQLite's -shm, rebuilt at start),
 * nor are those opened with stdio.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FDS 65536

struct range {
  off_t at;
  off_t size;
};

/* What of one file has not been flushed. */
struct file {
  ino_t inode;
  off_t shortest; /* it was this short at some time since the last flush */
  struct range* ranges;
  size_t count, room;
  struct file* next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct file* files;
static struct file* file_of_fd[MAX_FDS];
static char folder[PATH_MAX], durable[PATH_MAX - 64], fail_switch[PATH_MAX];
static int keep;
static unsigned seed;

#define REAL(name) ((__typeof__(&name))real(#name))

static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }

static void die(const char* what) {
  fprintf(stderr, "powerloss: %s: %s\n", what, strerror(errno));
  abort();
}

static const char* data_path(ino_t inode, char* path) {
  snprintf(path, PATH_MAX, "%s/data/%ju", durable, (uintmax_t)inode);
  return path;
}

static int open_durable(ino_t inode) {
  char path[PATH_MAX];
  const int fd = REAL(open)(data_path(inode, path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) die(path);
  return fd;
}

static void copy(int from, int to, off_t at, off_t size) {
  char bytes[65536];
  while (size > 0) {
    const size_t wanted = size < (off_t)sizeof bytes ? (size_t)size : sizeof bytes;
    const ssize_t got = pread(from, bytes, wanted, at);
    if (got < 0) die("read");
    if (got == 0) return; /* it was cut shorter since */
    if (REAL(pwrite)(to, bytes, (size_t)got, at) != got) die("write");
    at += got;
    size -= got;
  }
}

static int is_followed_name(const char* name) {
  const char* const dash = strrchr(name, '-');
  return dash == NULL || strcmp(dash, "-shm") != 0;
}

/* One name becomes durable. By a rename, so that being killed here loses none. */
static void keep_name(const char* name) {
  char path[PATH_MAX + 256], kept[PATH_MAX + 256], fresh[PATH_MAX], data[PATH_MAX];
  struct stat info;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  snprintf(kept, sizeof kept, "%s/names/%s", durable, name);
  snprintf(fresh, sizeof fresh, "%s/fresh", durable);
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || !is_followed_name(name)) return;
  close(open_durable(info.st_ino));
  REAL(unlink)(fresh);
  if (link(data_path(info.st_ino, data), fresh) != 0 || rename(fresh, kept) != 0) die(kept);
}

/* The names in `folder` become durable as they are. */
static void keep_names(void) {
  char names[PATH_MAX], path[PATH_MAX + 256], kept[PATH_MAX + 256];
  struct dirent* entry;
  DIR* list = opendir(folder);
  if (list == NULL) die(folder);
  while ((entry = readdir(list)) != NULL) keep_name(entry->d_name);
  closedir(list);
  snprintf(names, sizeof names, "%s/names", durable);
  list = opendir(names);
  if (list == NULL) die(names);
  while ((entry = readdir(list)) != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    snprintf(kept, sizeof kept, "%s/%s", names, entry->d_name);
    if (entry->d_name[0] != '.' && access(path, F_OK) != 0) REAL(unlink)(kept);
  }
  closedir(list);
}

/* What the folder holds at the start is durable, whole. */
static void keep_all(void) {
  struct dirent* entry;
  DIR* const list = opendir(folder);
  if (list == NULL) die(folder);
  while ((entry = readdir(list)) != NULL) {
    char path[PATH_MAX + 256];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) continue;
    const int from = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    const int to = open_durable(info.st_ino);
    if (from < 0) die(path);
    copy(from, to, 0, info.st_size);
    close(from);
    close(to);
  }
  closedir(list);
  keep_names();
}

__attribute__((constructor)) static void start(void) {
  const char* const from = getenv("BB_POWERLOSS_DIR");
  const char* const to = getenv("BB_POWERLOSS_DURABLE");
  const char* const chance = getenv("BB_POWERLOSS_KEEP");
  const char* const number = getenv("BB_POWERLOSS_SEED");
  const char* const fail = getenv("BB_POWERLOSS_FAIL");
  char path[PATH_MAX];
  if (from == NULL || to == NULL) return;
  snprintf(folder, sizeof folder, "%s", from);
  snprintf(durable, sizeof durable, "%s", to);
  snprintf(fail_switch, sizeof fail_switch, "%s", fail == NULL ? "" : fail);
  keep = chance == NULL ? 0 : atoi(chance);
  seed = number == NULL ? 1 : (unsigned)atoi(number);
  snprintf(path, sizeof path, "%s/data", durable);
  if (mkdir(path, 0700) != 0 && errno != EEXIST) die(path);
  snprintf(path, sizeof path, "%s/names", durable);
  if (mkdir(path, 0700) != 0 && errno != EEXIST) die(path);
  keep_all();
}

static int is_inside(const char* path) {
  const size_t size = strlen(folder);
  /* Not what is in a folder within it: that has no durable names here. */
  return size > 0 && path != NULL && strncmp(path, folder, size) == 0 && path[size] == '/' &&
         strchr(path + size + 1, '/') == NULL && is_followed_name(path);
}

/* Under the mutex. */
static struct file* file_of(ino_t inode) {
  struct file* file = files;
  while (file != NULL && file->inode != inode) file = file->next;
  if (file != NULL) return file;
  file = calloc(1, sizeof *file);
  if (file == NULL) die("memory");
  file->inode = inode;
  file->shortest = LLONG_MAX;
  file->next = files;
  files = file;
  return file;
}

static void follow(int fd, const char* path, int was_there) {
  struct stat info;
  char data[PATH_MAX];
  if (fd < 0 || fd >= MAX_FDS || !is_inside(path) || fstat(fd, &info) != 0) return;
  if (!S_ISREG(info.st_mode)) return;
  pthread_mutex_lock(&mutex);
  struct file* const file = file_of(info.st_ino);
  if (!was_there) {
    /* A number used before, by a file that is gone. */
    REAL(unlink)(data_path(info.st_ino, data));
    file->count = 0;
  }
  file_of_fd[fd] = file;
  pthread_mutex_unlock(&mutex);
}

static int is_followed(int fd) { return fd >= 0 && fd < MAX_FDS && file_of_fd[fd] != NULL; }

static void wrote(int fd, off_t at, ssize_t size) {
  if (size <= 0) return;
  pthread_mutex_lock(&mutex);
  struct file* const file = file_of_fd[fd];
  if (keep > 0 && (int)(rand_r(&seed) % 100) < keep) {
    const int to = open_durable(file->inode);
    copy(fd, to, at, size);
    close(to);
  }
  if (file->count == file->room) {
    file->room = file->room * 2 + 16;
    file->ranges = realloc(file->ranges, file->room * sizeof *file->ranges);
    if (file->ranges == NULL) die("memory");
  }
  file->ranges[file->count++] = (struct range){at, size};
  pthread_mutex_unlock(&mutex);
}

static void cut(int fd, off_t size) {
  pthread_mutex_lock(&mutex);
  if (size < file_of_fd[fd]->shortest) file_of_fd[fd]->shortest = size;
  pthread_mutex_unlock(&mutex);
}

static int flush_fails(struct file* file) {
  if (fail_switch[0] == '\0' || access(fail_switch, F_OK) != 0) return 0;
  REAL(unlink)(fail_switch);
  file->count = 0;
  return 1;
}

static int flush(int fd) {
  struct stat info;
  int failed = 0;
  pthread_mutex_lock(&mutex);
  struct file* const file = file_of_fd[fd];
  failed = flush_fails(file);
  if (!failed && fstat(fd, &info) == 0) {
    const int to = open_durable(file->inode);
    if (file->shortest != LLONG_MAX && REAL(ftruncate)(to, file->shortest) != 0) die("cut");
    for (size_t i = 0; i < file->count; ++i) copy(fd, to, file->ranges[i].at, file->ranges[i].size);
    if (REAL(ftruncate)(to, info.st_size) != 0) die("size");
    close(to);
    file->count = 0;
    file->shortest = LLONG_MAX;
  }
  pthread_mutex_unlock(&mutex);
  if (failed) errno = EIO;
  return failed ? -1 : 0;
}

static int is_folder(int fd) {
  char link_name[64], path[PATH_MAX];
  if (folder[0] == '\0') return 0;
  snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link_name, path, sizeof path - 1);
  return size > 0 && (size_t)size == strlen(folder) && memcmp(path, folder, (size_t)size) == 0;
}

static int flush_any(int fd, int (*system)(int)) {
  if (is_followed(fd)) return flush(fd);
  if (!is_folder(fd)) return system(fd);
  pthread_mutex_lock(&mutex);
  keep_names();
  pthread_mutex_unlock(&mutex);
  return 0;
}

int fsync(int fd) { return flush_any(fd, REAL(fsync)); }
int fdatasync(int fd) { return flush_any(fd, REAL(fdatasync)); }

#define OPEN(name)                                             \
  int name(const char* path, int flags, ...) {                 \
    va_list rest;                                              \
    va_start(rest, flags);                                     \
    const mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                              \
    const int was_there = access(path, F_OK) == 0;             \
    const int fd = REAL(name)(path, flags, mode);              \
    follow(fd, path, was_there);                               \
    if (is_followed(fd) && (flags & O_TRUNC)) cut(fd, 0);      \
    return fd;                                                 \
  }
OPEN(open)
OPEN(open64)

/* glibc's own opens without our open(). */
int mkostemp(char* path, int flags) {
  const int fd = REAL(mkostemp)(path, flags);
  follow(fd, path, 0);
  return fd;
}

int close(int fd) {
  if (fd >= 0 && fd < MAX_FDS) file_of_fd[fd] = NULL;
  return REAL(close)(fd);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  if (!is_followed(fd)) return REAL(write)(fd, bytes, size);
  const ssize_t done = REAL(write)(fd, bytes, size);
  if (done > 0) wrote(fd, lseek(fd, 0, SEEK_CUR) - done, done);
  return done;
}

#define PWRITE(name)                                                       \
  ssize_t name(int fd, const void* bytes, size_t size, off_t at) {         \
    const ssize_t done = REAL(name)(fd, bytes, size, at);                  \
    if (is_followed(fd)) wrote(fd, at, done);                              \
    return done;                                                           \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

#define FTRUNCATE(name)                                   \
  int name(int fd, off_t size) {                          \
    const int code = REAL(name)(fd, size);                \
    if (code == 0 && is_followed(fd)) cut(fd, size);      \
    return code;                                          \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)
