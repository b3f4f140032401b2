/*
 * A disk that fails where a test says so: preloaded into a process, it stands before write and fsync of the files of a
 * state directory (.../state/...) and of an audit log (.../audit/audit.jsonl). The test and the process share a page,
 * the file that FAULTY_DISK names; FaultyDisk.java has the same layout.
 *
 * It also keeps count of what was written and not yet synced, and syncs nothing for real: a test is no power cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum place { ELSEWHERE = 0, STATE = 1, AUDIT = 2 };
enum fault { NONE = 0, FULL = 1, FAILED_SYNC = 2 };

static volatile struct {
    int32_t fault;
    int32_t place;          /* a sum of places */
    int32_t at;             /* the call that fails, from 1: every write from it on, or this one sync */
    int32_t calls;          /* of the kind and in the place that may fail */
    int32_t fired;
    int32_t unsynced_state; /* writes to the write-ahead log since its last sync */
    int32_t unsynced_audit;
} *shared;

__attribute__((constructor)) static void map(void) {
    const char *name = getenv("FAULTY_DISK");
    int file = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) {
        shared = page;
    }
    close(file);
}

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static enum place place(int file, volatile int32_t **unsynced) {
    char link[40], path[4096];
    *unsynced = NULL;
    if (shared == NULL) {
        return ELSEWHERE;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return ELSEWHERE;
    }
    path[length] = '\0';
    if (ends_with(path, "/audit/audit.jsonl")) {
        *unsynced = &shared->unsynced_audit;
        return AUDIT;
    }
    if (ends_with(path, "/state/keyturn.db-wal")) {
        *unsynced = &shared->unsynced_state;
    }
    return strstr(path, "/state/keyturn.db") == NULL ? ELSEWHERE : STATE;
}

/* The number of this call among those that may fail; 0 where it may not. */
static int32_t number(int32_t fault, enum place where) {
    if (where == ELSEWHERE || shared->fault != fault || !(shared->place & where)) {
        return 0;
    }
    return __sync_add_and_fetch(&shared->calls, 1);
}

/* How many of the bytes still find room; -1 for none. The write that fills the disk is cut short, as on a real one. */
static ssize_t room(int file, size_t bytes) {
    volatile int32_t *unsynced;
    enum place where = place(file, &unsynced);
    int32_t call = number(FULL, where);
    if (unsynced != NULL) {
        __sync_add_and_fetch(unsynced, 1);
    }
    if (call == 0 || call < shared->at) {
        return bytes;
    }
    int first = __sync_fetch_and_add(&shared->fired, 1) == 0;
    if (first && bytes > 1) {
        return bytes / 2;
    }
    errno = ENOSPC;
    return -1;
}

ssize_t write(int file, const void *from, size_t bytes) {
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "write");
    }
    ssize_t fits = room(file, bytes);
    return fits < 0 ? fits : real(file, from, fits);
}

ssize_t pwrite64(int file, const void *from, size_t bytes, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "pwrite64");
    }
    ssize_t fits = room(file, bytes);
    return fits < 0 ? fits : real(file, from, fits, at);
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t at) {
    return pwrite64(file, from, bytes, at);
}

static int sync_of(int file) {
    volatile int32_t *unsynced;
    enum place where = place(file, &unsynced);
    int32_t call = number(FAILED_SYNC, where);
    if (call > 0 && call == shared->at) {
        __sync_add_and_fetch(&shared->fired, 1);
        errno = EIO;
        return -1;
    }
    if (unsynced != NULL) {
        *unsynced = 0;
    }
    return 0;
}

int fsync(int file) {
    static int (*real)(int);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "fsync");
    }
    return shared == NULL ? real(file) : sync_of(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "fdatasync");
    }
    return shared == NULL ? real(file) : sync_of(file);
}
