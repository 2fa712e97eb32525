/* Load client: complete submissions over keep-alive connections on loopback, one thread. Prints
 * what came back and how long it took; with --ledger writes the number of every receipt given, to
 * be looked for afterwards. Bounded by --count and --seconds; --rate lets requests begin at their
 * time, whatever the server does. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_MOST = 16384, CONNECTIONS_MOST = 1024, MEASURES = 15, SILENCE_MS = 10000 };

struct options {
    int port, connections;
    long count;
    double seconds;
    double rate; /* requests begun a second; 0: as soon as the one before was answered */
    const char *path, *ledger, *tag;
};

struct connection {
    int fd;
    bool rests;              /* waits for its turn */
    struct connection *idle; /* the next one that does */
    size_t sent, length;     /* of the request */
    size_t received;
    double started;
    char request[BYTES_MOST];
    char reply[BYTES_MOST];
};

struct run {
    struct options options;
    int epoll;
    long started, finished, recorded, lost;
    long other[600];     /* by status */
    double refused_most; /* seconds: the slowest 503 */
    FILE *ledger;
    double *times;
    uint64_t random;
    double begin;
    struct connection *connections;
    struct connection *idle; /* those that wait for their turn */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* xorshift64*: fast, and nothing here is secret. */
static uint64_t next_random(struct run *run)
{
    run->random ^= run->random >> 12;
    run->random ^= run->random << 25;
    run->random ^= run->random >> 27;
    return run->random * 0x2545f4914f6cdd1dU;
}

static const char *const codes[MEASURES] = {"1-1", "1-2", "1-3", "1-4", "1-5", "1-6", "1-7", "2-1",
                                            "2-2", "2-3", "2-4", "3-1", "3-2", "3-3", "3-4"};

/* Eighty, ten and ten in a hundred by language; ninety-five individuals; remarks on three measures.
 */
static size_t write_body(struct run *run, char *body, size_t size)
{
    static const char *const languages[] = {"zh-Hant", "en", "zh-Hans"};
    static const char *const remarks[] = {"應優先支持中小企業使用這些設施，並公布使用情況。",
                                          "Please publish the waiting times each quarter.",
                                          "建议每季度公布进展，方便市民跟进。"};
    uint64_t r = next_random(run);
    size_t language = r % 10 < 8 ? 0 : r % 10 - 7;
    bool organisation = (r >> 8) % 100 >= 95;
    int n = snprintf(
        body, size,
        "{\"kind\":\"%s\"%s,\"sector\":\"other\",\"language\":\"%s\",\"identity\":{\"kind\":"
        "\"email\","
        "\"value\":\"%s%ld@load.example.org\"},\"publication\":\"without-name\",\"answers\":{",
        organisation ? "organisation" : "individual",
        organisation ? ",\"organisation\":\"Load Test Association\"" : "", languages[language],
        run->options.tag, run->started);
    size_t first = (r >> 16) % 5;
    for (size_t i = 0; i < MEASURES; i++) {
        bool remark = i >= first && (i - first) % 5 == 0;
        n += snprintf(body + n, size - (size_t)n, "%s\"%s\":{\"stance\":%d%s%s%s}", i ? "," : "",
                      codes[i], (int)((r >> (20 + 2 * i)) % 6), remark ? ",\"remark\":\"" : "",
                      remark ? remarks[language] : "", remark ? "\"" : "");
    }
    n += snprintf(body + n, size - (size_t)n, "},\"priorities\":[\"1-1\",\"2-2\",\"3-3\"]}");
    return (size_t)n;
}

static void write_request(struct run *run, struct connection *c)
{
    char body[BYTES_MOST / 2];
    size_t length = write_body(run, body, sizeof body);
    uint64_t a = next_random(run), b = next_random(run);
    int n = snprintf(
        c->request, sizeof c->request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Idempotency-Key: %08x-%04x-4%03x-8%03x-%012llx\r\nContent-Length: %zu\r\n\r\n",
        run->options.path, (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
        (unsigned)(b >> 48) & 0xfff, (unsigned long long)(b & 0xffffffffffffULL), length);
    memcpy(c->request + n, body, length);
    c->length = (size_t)n + length;
    c->sent = c->received = 0;
    c->started = now();
}

static bool may_start(const struct run *run)
{
    return run->started < run->options.count && now() - run->begin < run->options.seconds;
}

static void send_more(struct connection *c)
{
    while (c->sent < c->length) {
        ssize_t n = send(c->fd, c->request + c->sent, c->length - c->sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        c->sent += (size_t)n;
    }
}

static bool connection_open(struct run *run, struct connection *c)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)run->options.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) {
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
        return false;
    }
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, c->fd, &event);
    return true;
}

/* Seconds until the next request's turn; no more than 0: now. */
static double turn_in(const struct run *run)
{
    if (run->options.rate <= 0)
        return 0;
    return run->begin + (double)run->started / run->options.rate - now();
}

static void connection_begin(struct run *run, struct connection *c)
{
    if (c->fd < 0)
        return;
    if (!may_start(run)) {
        close(c->fd);
        c->fd = -1;
        return;
    }
    if (turn_in(run) > 0) {
        c->rests = true;
        c->idle = run->idle;
        run->idle = c;
        return;
    }
    write_request(run, c);
    run->started++;
    send_more(c);
}

/* Length of the whole reply once its header is there; 0 before. */
static size_t reply_length(const struct connection *c)
{
    const char *end = memmem(c->reply, c->received, "\r\n\r\n", 4);
    if (!end)
        return 0;
    const char *length = strcasestr(c->reply, "\r\ncontent-length:");
    if (!length || length > end)
        return 0;
    return (size_t)(end + 4 - c->reply) + strtoul(length + 17, NULL, 10);
}

static void reply_count(struct run *run, struct connection *c)
{
    long status = strtol(c->reply + 9, NULL, 10);
    double took = now() - c->started;
    run->times[run->finished++] = took;
    if (status == 503 && took > run->refused_most)
        run->refused_most = took;
    if (status > 0 && status < 600)
        run->other[status]++;
    if (status != 201)
        return;
    run->recorded++;
    const char *number = strstr(c->reply, "/v1/receipts/");
    if (run->ledger && number)
        fprintf(run->ledger, "%.10s\n", number + 13);
}

static void connection_lost(struct run *run, struct connection *c)
{
    close(c->fd);
    c->fd = -1;
    if (c->rests) { /* it was quiet for too long, and nothing is lost by it */
        connection_open(run, c);
        return;
    }
    run->lost++;
    if (may_start(run) && connection_open(run, c))
        connection_begin(run, c);
}

static void connection_read(struct run *run, struct connection *c)
{
    ssize_t n = recv(c->fd, c->reply + c->received, sizeof c->reply - 1 - c->received, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        connection_lost(run, c);
        return;
    }
    c->received += (size_t)n;
    c->reply[c->received] = '\0';
    size_t length = reply_length(c);
    if (!length || c->received < length)
        return;
    reply_count(run, c);
    connection_begin(run, c);
}

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(struct run *run, double seconds)
{
    qsort(run->times, (size_t)run->finished, sizeof *run->times, by_time);
    double p50 = run->finished ? run->times[run->finished / 2] * 1e3 : 0;
    double p99 = run->finished ? run->times[run->finished * 99 / 100] * 1e3 : 0;
    printf("recorded %ld per_second %.1f p50_ms %.2f p99_ms %.2f seconds %.2f lost %ld "
           "refused_most_ms %.2f",
           run->recorded, (double)run->recorded / seconds, p50, p99, seconds, run->lost,
           run->refused_most * 1e3);
    for (int status = 0; status < 600; status++)
        if (run->other[status] && status != 201)
            printf(" status_%d %ld", status, run->other[status]);
    printf("\n");
}

static int usage(void)
{
    fputs("usage: submit --port N [--connections 64] [--count N] [--seconds N] [--rate N] "
          "[--path PATH] [--ledger FILE] [--tag WORD]\n",
          stderr);
    return 2;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    *o = (struct options){.connections = 64,
                          .count = 100000,
                          .seconds = 10,
                          .tag = "a",
                          .path = "/v1/consultations/five-year-plan-iti/submissions"};
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--port") == 0)
            o->port = (int)strtol(value, NULL, 10);
        else if (strcmp(name, "--connections") == 0)
            o->connections = (int)strtol(value, NULL, 10);
        else if (strcmp(name, "--count") == 0)
            o->count = strtol(value, NULL, 10);
        else if (strcmp(name, "--seconds") == 0)
            o->seconds = strtod(value, NULL);
        else if (strcmp(name, "--rate") == 0)
            o->rate = strtod(value, NULL);
        else if (strcmp(name, "--path") == 0)
            o->path = value;
        else if (strcmp(name, "--ledger") == 0)
            o->ledger = value;
        else if (strcmp(name, "--tag") == 0)
            o->tag = value;
        else
            return false;
    }
    return argc % 2 == 1 && o->port > 0 && o->connections > 0 && o->count > 0 &&
           o->connections <= CONNECTIONS_MOST;
}

/* Begins what has its turn. Milliseconds that may be waited for the next. */
static int take_turns(struct run *run)
{
    double left = 0;
    while (run->idle && ((left = turn_in(run)) <= 0 || !may_start(run))) {
        struct connection *c = run->idle;
        run->idle = c->idle;
        c->rests = false;
        connection_begin(run, c);
    }
    return run->idle ? (int)(left * 1000) + 1 : SILENCE_MS;
}

/* Until all is answered, or nothing came for ten seconds. */
static void run_all(struct run *run)
{
    for (int i = 0; i < run->options.connections; i++) {
        run->connections[i].fd = -1;
        if (connection_open(run, &run->connections[i]))
            connection_begin(run, &run->connections[i]);
    }
    struct epoll_event events[64];
    while (run->idle || run->finished + run->lost < run->started) {
        int wait_ms = take_turns(run);
        int n = epoll_wait(run->epoll, events, 64, wait_ms);
        if (n == 0 && wait_ms == SILENCE_MS)
            break;
        for (int i = 0; i < n; i++)
            connection_read(run, events[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    struct run run = {.random = 0x9e3779b97f4a7c15U ^ (uint64_t)getpid() ^ (uint64_t)(now() * 1e6)};
    if (!read_options(argc, argv, &run.options))
        return usage();
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    run.times = calloc((size_t)run.options.count + CONNECTIONS_MOST, sizeof *run.times);
    run.connections = calloc((size_t)run.options.connections, sizeof *run.connections);
    if (run.options.ledger)
        run.ledger = fopen(run.options.ledger, "we");
    if (!run.times || !run.connections || (run.options.ledger && !run.ledger)) {
        fputs("submit: no memory, or the ledger cannot be written\n", stderr);
        free(run.times);
        free(run.connections);
        return 1;
    }
    run.begin = now();
    run_all(&run);
    report(&run, now() - run.begin);
    if (run.ledger)
        fclose(run.ledger);
    free(run.times);
    free(run.connections);
    close(run.epoll);
    return 0;
}
