/* Many browsers that send one thing after another: posts PORT CONNECTIONS SECONDS REQUESTS
 *
 * Each connection takes the next request of the file REQUESTS (separated by a line "%%"; from the start again at the
 * end), waits for the whole answer, then takes the next. The first second is not counted. Prints JSON:
 * {"answers", "seconds", "taken", "refused", "p50", "p99"}; taken: 2xx and 3xx; times in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096
#define BUCKETS 100000 /* tenths of a millisecond */
struct browser { char in[16384]; int got, fd; double sent; } *browsers[MOST];
static long times[BUCKETS];
static char **requests;
static int number, next;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void send_next(struct browser *one) {
    char *request = requests[next];
    next = (next + 1) % number;
    one->got = 0;
    one->sent = now();
    if (write(one->fd, request, strlen(request)) < 0) { perror("write"); exit(1); }
}

/* Whether the whole answer is there: its head, and as many bytes as it says. */
static int complete(struct browser *one, int *status) {
    one->in[one->got] = 0;
    char *end = strstr(one->in, "\r\n\r\n");
    if (!end) return 0;
    *status = atoi(one->in + 9);
    char *length = strcasestr(one->in, "content-length:");
    if (length && length < end) return one->got >= (end + 4 - one->in) + atoi(length + 15);
    char *chunked = strcasestr(one->in, "transfer-encoding: chunked");
    if (chunked && chunked < end) return one->got >= 5 && !memcmp(one->in + one->got - 5, "0\r\n\r\n", 5);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int port = atoi(argv[1]), count = atoi(argv[2]), seconds = atoi(argv[3]), one = 1;
    FILE *file = fopen(argv[4], "rb");
    if (!file || count > MOST) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size + 1), *at = text;
    if (fread(text, 1, size, file) != (size_t)size) return 2;
    text[size] = 0;
    requests = malloc(sizeof(char *) * 2000000);
    while (at && number < 2000000) {
        requests[number++] = at;
        char *end = strstr(at, "\n%%\n");
        if (end) { *end = 0; at = end + 4; } else at = NULL;
    }
    int loop = epoll_create1(0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < count; i++) {
        struct browser *made = browsers[i] = calloc(1, sizeof *made);
        made->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(made->fd, (struct sockaddr *)&to, sizeof to)) { perror("connect"); return 1; }
        setsockopt(made->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = made};
        epoll_ctl(loop, EPOLL_CTL_ADD, made->fd, &event);
        send_next(made);
    }
    double begun = now() + 1, ends = begun + seconds;
    long answers = 0, taken = 0, refused = 0;
    struct epoll_event events[256];
    while (now() < ends) {
        int ready = epoll_wait(loop, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            struct browser *who = events[i].data.ptr;
            ssize_t got = read(who->fd, who->in + who->got, sizeof who->in - who->got - 1);
            if (got <= 0) {
                close(who->fd);
                who->fd = socket(AF_INET, SOCK_STREAM, 0);
                if (connect(who->fd, (struct sockaddr *)&to, sizeof to)) { perror("connect"); return 1; }
                struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
                epoll_ctl(loop, EPOLL_CTL_ADD, who->fd, &event);
                send_next(who);
                continue;
            }
            who->got += got;
            int status = 0;
            if (!complete(who, &status)) continue;
            double at_now = now();
            if (at_now > begun) {
                long tenths = (at_now - who->sent) * 1e4;
                times[tenths < BUCKETS ? tenths : BUCKETS - 1]++;
                answers++;
                if (status >= 200 && status < 400) taken++; else if (!refused++) fprintf(stderr, "%.200s\n", who->in);
            }
            send_next(who);
        }
    }
    long sum = 0, p50 = 0, p99 = 0;
    for (long i = 0; i < BUCKETS; i++) {
        sum += times[i];
        if (!p50 && sum * 2 >= answers) p50 = i + 1;
        if (!p99 && sum * 100 >= answers * 99) p99 = i + 1;
    }
    printf("{\"answers\": %ld, \"seconds\": %d, \"taken\": %ld, \"refused\": %ld, \"p50\": %.1f, \"p99\": %.1f}\n",
           answers, seconds, taken, refused, p50 / 10.0, p99 / 10.0);
    return 0;
}
