/*
 * How many SSH logins does this sshd give the cheapest client? Two that are accepted and one that is refused for each
 * account of a fleet: what a rotation needs, and nothing else. See docs/benchmarks.md.
 *
 *   HOST=... PORT=... JOBS=8 limit DIRECTORY login|sftp
 *
 * "login" authenticates and hangs up; "sftp" opens an SFTP session and reads the server's greeting first. DIRECTORY
 * holds fleet (a line "ACCOUNT DROMO-ID" each), keys/ACCOUNT, stranger (a key that nobody accepts) and known_hosts.
 * Prints the seconds from the first connection to the last answer: neither start nor the reading of keys counts.
 *
 * It trades every convenience for speed: processes, not threads; the keys are read before; no query before a key is
 * offered, and no signature where a refusal is expected; the algorithms that cost this sshd least (curve25519 made it
 * 5 % slower, chacha20 15 %; libssh2 was as fast as libssh). It does check the host key.
 *
 *   gcc -O2 -o limit limit.c -lssh
 */
#include <libssh/libssh.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ACCOUNTS = 100000 };

static struct account {
    char name[64];
    ssh_key key;
} fleet[MOST_ACCOUNTS];

static int accounts;
static ssh_key stranger;
static char host_key[4096]; /* the base64 of the only host key that is trusted */
static const char *host;
static int port;
static int with_sftp;

static void die(const char *what, const char *why) {
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(1);
}

static ssh_key read_key(const char *path) {
    ssh_key key;
    if (ssh_pki_import_privkey_file(path, NULL, NULL, NULL, &key) != SSH_OK) {
        die(path, "can't be read as a private key");
    }
    return key;
}

static void read_all(void) {
    char path[128], id[64], pattern[64], type[64];
    FILE *file = fopen("known_hosts", "r");
    if (file == NULL || fscanf(file, "%63s %63s %4095s", pattern, type, host_key) != 3) {
        die("known_hosts", "not one host key");
    }
    fclose(file);
    file = fopen("fleet", "r");
    if (file == NULL) {
        die("fleet", "can't be read");
    }
    while (accounts < MOST_ACCOUNTS && fscanf(file, "%63s %63s", fleet[accounts].name, id) == 2) {
        snprintf(path, sizeof path, "keys/%s", fleet[accounts].name);
        fleet[accounts++].key = read_key(path);
    }
    fclose(file);
    stranger = read_key("stranger");
}

static int connected(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, host, &address.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        die("connect", "failed");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
    return fd;
}

static void check_host_key(ssh_session session) {
    ssh_key key;
    char *base64;
    if (ssh_get_server_publickey(session, &key) != SSH_OK || ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK
        || strcmp(base64, host_key) != 0) {
        die("host key", "not the known one");
    }
    ssh_string_free_char(base64);
    ssh_key_free(key);
}

static void open_sftp(ssh_session session) {
    /* SSH_FXP_INIT of version 3, and the length and type of the answer, SSH_FXP_VERSION. */
    static const unsigned char init[] = {0, 0, 0, 5, 1, 0, 0, 0, 3};
    unsigned char answer[5];
    ssh_channel channel = ssh_channel_new(session);
    if (channel == NULL || ssh_channel_open_session(channel) != SSH_OK
        || ssh_channel_request_subsystem(channel, "sftp") != SSH_OK
        || ssh_channel_write(channel, init, sizeof init) != sizeof init
        || ssh_channel_read(channel, answer, sizeof answer, 0) != sizeof answer || answer[4] != 2) {
        die("sftp", ssh_get_error(session));
    }
    ssh_channel_free(channel);
}

static void login(const char *account, ssh_key key, int expected) {
    static const struct {
        enum ssh_options_e option;
        const char *value;
    } cheap[] = {
        {SSH_OPTIONS_KEY_EXCHANGE, "ecdh-sha2-nistp256"},
        {SSH_OPTIONS_CIPHERS_C_S, "aes128-gcm@openssh.com"},
        {SSH_OPTIONS_CIPHERS_S_C, "aes128-gcm@openssh.com"},
    };
    int off = 0;
    int fd = connected();
    ssh_session session = ssh_new();
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off);
    ssh_options_set(session, SSH_OPTIONS_HOST, host);
    ssh_options_set(session, SSH_OPTIONS_USER, account);
    ssh_options_set(session, SSH_OPTIONS_FD, &fd);
    for (size_t i = 0; i < sizeof cheap / sizeof cheap[0]; i++) {
        if (ssh_options_set(session, cheap[i].option, cheap[i].value) != SSH_OK) {
            die("options", ssh_get_error(session));
        }
    }
    if (ssh_connect(session) != SSH_OK) {
        die("connect", ssh_get_error(session));
    }
    check_host_key(session);
    int answer = expected == SSH_AUTH_DENIED ? ssh_userauth_try_publickey(session, NULL, key)
                                             : ssh_userauth_publickey(session, NULL, key);
    if (answer != expected) {
        die(account, answer == SSH_AUTH_ERROR ? ssh_get_error(session) : "another answer than expected");
    }
    if (with_sftp && answer == SSH_AUTH_SUCCESS) {
        open_sftp(session);
    }
    ssh_disconnect(session);
    ssh_free(session);
}

static void work(atomic_int *next) {
    for (int i = atomic_fetch_add(next, 1); i < accounts; i = atomic_fetch_add(next, 1)) {
        login(fleet[i].name, fleet[i].key, SSH_AUTH_SUCCESS);
        login(fleet[i].name, fleet[i].key, SSH_AUTH_SUCCESS);
        login(fleet[i].name, stranger, SSH_AUTH_DENIED);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
    int status, failed = 0, jobs;
    double start;
    if (count != 3 || chdir(words[1]) != 0) {
        die("usage", "limit DIRECTORY login|sftp");
    }
    with_sftp = strcmp(words[2], "sftp") == 0;
    host = getenv("HOST");
    port = atoi(getenv("PORT"));
    jobs = atoi(getenv("JOBS"));
    read_all();
    atomic_int *next = mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    start = now();
    for (int i = 0; i < jobs; i++) {
        if (fork() == 0) {
            work(next);
            exit(0);
        }
    }
    while (wait(&status) > 0) {
        failed |= status;
    }
    printf("%.6f\n", now() - start);
    return failed != 0;
}
