/* A full room: crowd PORT RATE BEFORE DURING VOTES STREAMS CODE ARRIVALS
 *
 * Opens a stream for each request of the file STREAMS (requests are separated by a line "%%"), then sends RATE votes a
 * second, each over a connection of its own, in the order of the file VOTES: for BEFORE seconds, then for DURING seconds
 * in which ARRIVALS people come evenly. Each of these asks for /j/CODE, follows to the room and opens its stream, all
 * over one connection, as a browser does; who has got the first event is in. A vote is due when the plan says so,
 * whether or not the ones before it have been answered, and its times are counted from then.
 *
 * What a stream shows is read off the words "N personer har svarat" or "N people have answered": the Nth vote has
 * reached it. Prints "ready SECONDS"
 * when all streams are open, then JSON; times in milliseconds:
 *   joins: from the first connection to the first event. before, during: from when a vote was due to its answer.
 *   shown: from when a vote was due until a stream shows it, one for each stream and vote. last: for each vote, the last
 *   stream. shown_five, last_five: the same of the fifth and later votes since what the stream showed before, which are
 *   those that can have completed a five. late: how late votes left. behind: streams of the file that do not show the
 *   highest figure in the end. busy: the share of its core that this program used.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_VOTES 20000
#define BUCKETS 600000 /* tenths of a millisecond: up to a minute */
#define CARRY 128

enum kind { STREAM, VOTE, CODE, PAGE };
struct client {
    int fd, kind, status, got, during;
    long left; /* bytes of the answer that have not come; -1: its head has not */
    long seen; /* the figure that it shows; -1: none yet */
    double begun;
    char arrives, in, head[4096], carry[CARRY], path[64], cookie[256];
};
struct times { long *count, number; double most; };

static struct sockaddr_in to;
static int loop, port;
static long open_streams, refused, closed, answered, came, base = -1, sent, furthest;
static double due[MOST_VOTES], last_shown[MOST_VOTES], last_five[MOST_VOTES];
static struct times joins, before, during, shown, shown_five, late;
static const char *const words[] = {" personer har svarat", " people have answered"};

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static double used(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void note(struct times *some, double seconds) {
    long tenths = seconds * 1e4;
    if (!some->count) some->count = calloc(BUCKETS, sizeof(long));
    some->count[tenths < 0 ? 0 : tenths < BUCKETS ? tenths : BUCKETS - 1]++;
    some->number++;
    if (seconds > some->most) some->most = seconds;
}

static double share(struct times *some, double part) {
    long sum = 0;
    for (long i = 0; some->number && i < BUCKETS; i++)
        if ((sum += some->count[i]) >= part * some->number) return (i + 1) / 10.0;
    return 0;
}

static void print(const char *name, struct times *some) {
    printf("\"%s\": {\"number\": %ld, \"p50\": %.1f, \"p95\": %.1f, \"p99\": %.1f, \"most\": %.1f}, ", name, some->number,
           share(some, .5), share(some, .95), share(some, .99), some->most * 1e3);
}

static char **requests_of(const char *path, long *number) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size + 1), *at = size ? text : NULL, **found = malloc(sizeof(char *) * 100000);
    if (fread(text, 1, size, file) != (size_t)size) exit(2);
    text[size] = 0;
    fclose(file);
    for (*number = 0; at && *number < 100000;) {
        found[(*number)++] = at;
        char *end = strstr(at, "\n%%\n");
        if (end) { *end = 0; at = end + 4; } else at = NULL;
    }
    return found;
}

static void ask(struct client *who, const char *request, int kind) {
    who->kind = kind;
    who->left = -1;
    who->got = 0;
    if (write(who->fd, request, strlen(request)) < 0) { perror("write"); exit(1); }
}

static struct client *connect_one(double at) {
    struct client *who = calloc(1, sizeof *who);
    int one = 1;
    who->fd = socket(AF_INET, SOCK_STREAM, 0);
    who->begun = at;
    who->seen = -1;
    if (who->fd < 0 || connect(who->fd, (struct sockaddr *)&to, sizeof to)) { perror("connect"); exit(1); }
    setsockopt(who->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(who->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    epoll_ctl(loop, EPOLL_CTL_ADD, who->fd, &event);
    return who;
}

static void leave(struct client *who) {
    close(who->fd);
    free(who);
}

/* A stream shows that so many have answered. */
static void show(struct client *who, long figure, double at) {
    if (!sent) {
        if (figure > base) base = figure;
    } else if (base < 0) base = 0;
    long from = who->seen < 0 ? base : who->seen;
    if (!who->arrives || who->seen >= 0) /* who comes in sees what has been shown long ago */
        for (long vote = from + 1; sent && vote <= figure; vote++) {
            long place = vote - base - 1;
            if (place < 0 || place >= sent) continue;
            double took = at - due[place];
            note(&shown, took);
            if (took > last_shown[place]) last_shown[place] = took;
            if (vote < from + 5) continue;
            note(&shown_five, took);
            if (took > last_five[place]) last_five[place] = took;
        }
    if (figure > furthest) furthest = figure;
    if (figure > who->seen) who->seen = figure;
}

static void read_off(struct client *who, char *text, long size, double at) {
    static char all[65536 + CARRY];
    long kept = strlen(who->carry);
    memcpy(all, who->carry, kept);
    memcpy(all + kept, text, size);
    size += kept;
    if (!who->in && memmem(all, size, "event: show", 11)) {
        who->in = 1;
        if (who->arrives) { note(&joins, at - who->begun); came++; } else open_streams++;
    }
    long done = 0;
    for (int language = 0; language < 2; language++) {
        const char *said = words[language];
        for (char *next = all, *found; (found = memmem(next, all + size - next, said, strlen(said))); next = found + 1) {
            long figure = 0, unit = 1; /* backwards over digits, and over what stands between thousands */
            for (char *digit = found - 1; digit >= all && strchr("0123456789,\xc2\xa0\xe2\x80\xaf", *digit); digit--)
                if (*digit >= '0' && *digit <= '9') { figure += (*digit - '0') * unit; unit *= 10; }
            if (figure) show(who, figure, at);
            done = found - all + 1;
        }
    }
    long carried = size - done < CARRY - 1 ? size - done : CARRY - 1;
    for (long i = size - carried; i < size; i++) if (!all[i]) all[i] = ' ';
    memcpy(who->carry, all + size - carried, carried);
    who->carry[carried] = 0;
}

static void value_of(struct client *who, const char *name, char *into, long size) {
    char *found = strcasestr(who->head, name);
    long length = found ? strcspn(found += strlen(name), ";\r\n") : 0;
    if (length >= size) length = 0;
    memcpy(into, found, length);
    into[length] = 0;
}

static void ask_for(struct client *who, const char *more, int kind) {
    char request[1024];
    snprintf(request, sizeof request, "GET %s%s HTTP/1.1\r\nHost: localhost:%d\r\nCookie: %s\r\n\r\n", who->path, more,
             port, who->cookie);
    ask(who, request, kind);
}

/* The whole answer has come: what this client does next. */
static void go_on(struct client *who, double at) {
    if (who->kind == CODE && who->status == 303) {
        value_of(who, "\r\nlocation: ", who->path, sizeof who->path);
        value_of(who, "\r\nset-cookie: ", who->cookie, sizeof who->cookie);
        ask_for(who, "", PAGE);
        return;
    }
    if (who->kind == PAGE && who->status == 200) {
        ask_for(who, "stream?view=phone&lang=sv", STREAM);
        return;
    }
    if (who->kind == VOTE) {
        note(who->during ? &during : &before, at - who->begun);
        answered++;
    } else came++;
    if (who->status != 200 && !refused++) fprintf(stderr, "refused: %.300s\n", who->head);
    leave(who);
}

static void receive(struct client *who) {
    static char in[65536];
    ssize_t got = read(who->fd, in, sizeof in);
    double at = now();
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        if (!closed++) fprintf(stderr, "a client was closed\n");
        leave(who);
        return;
    }
    char *text = in;
    if (who->left == -1) { /* its head */
        long room = sizeof who->head - 1 - who->got, part = got < room ? got : room;
        memcpy(who->head + who->got, in, part);
        who->head[who->got += part] = 0;
        char *end = strstr(who->head, "\r\n\r\n");
        if (!end) return;
        long past = end + 4 - who->head - (who->got - part); /* where in this read the body begins */
        char *length = strcasestr(who->head, "\r\ncontent-length:");
        who->status = atoi(who->head + 9);
        who->left = length && length < end && who->kind != STREAM ? atol(length + 17) : 0;
        text += past;
        got -= past;
        if (who->kind == STREAM && who->status != 200) { fprintf(stderr, "refused: %.300s\n", who->head); exit(1); }
    }
    if (who->kind == STREAM) {
        if (got > 0) read_off(who, text, got, at);
        return;
    }
    who->left -= got;
    if (who->left <= 0) go_on(who, at);
}

static void turn(int wait) {
    struct epoll_event events[512];
    int ready = epoll_wait(loop, events, 512, wait);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
}

int main(int argc, char **argv) {
    if (argc != 9) return 2;
    port = atoi(argv[1]);
    double rate = atof(argv[2]), first = atof(argv[3]), second = atof(argv[4]);
    long votes, streams, arrivals = atol(argv[8]), came_from = 0;
    char **vote = requests_of(argv[5], &votes), **stream = requests_of(argv[6], &streams), code[256];
    snprintf(code, sizeof code, "GET /j/%s HTTP/1.1\r\nHost: localhost:%d\r\nAccept-Language: sv\r\n\r\n", argv[7], port);
    to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    loop = epoll_create1(0);
    double begun = now();
    struct client **first_ones = calloc(streams, sizeof *first_ones);
    for (long i = 0; open_streams < streams;) {
        for (int some = 0; some < 50 && i < streams && i - open_streams < 500; some++) {
            ask(first_ones[i] = connect_one(now()), stream[i], STREAM);
            i++;
        }
        turn(10);
        if (now() - begun > 120) { fprintf(stderr, "only %ld of %ld streams\n", open_streams, streams); return 1; }
    }
    printf("ready %.2f\n", now() - begun);
    fflush(stdout);
    for (double until = now() + 2; now() < until;) turn(50); /* until everybody has been told who is here */
    begun = now();
    double cpu = used(), settles = 0;
    long planned = rate * (first + second);
    if (planned > votes || planned > MOST_VOTES) { fprintf(stderr, "%ld votes are too few\n", votes); return 2; }
    while (1) {
        double at = now() - begun;
        while (sent < planned && at >= sent / rate) {
            struct client *who = connect_one(due[sent] = begun + sent / rate);
            who->during = sent / rate >= first;
            note(&late, now() - due[sent]);
            ask(who, vote[sent++], VOTE);
        }
        while (came_from < arrivals && at >= first + came_from * second / arrivals) {
            struct client *who = connect_one(begun + first + came_from++ * second / arrivals);
            who->arrives = 1;
            ask(who, code, CODE);
        }
        turn(1);
        if (!settles && sent == planned && answered == planned && came == arrivals) settles = now() + 1.5;
        if (settles && now() > settles) break;
        if (at > first + second + 60) { fprintf(stderr, "%ld of %ld answered, %ld of %ld in\n", answered, planned, came, arrivals); break; }
    }
    double busy = (used() - cpu) / (now() - begun);
    struct times last = {0}, lastfive = {0};
    for (long i = 0; i < sent; i++) {
        if (last_shown[i]) note(&last, last_shown[i]);
        if (last_five[i]) note(&lastfive, last_five[i]);
    }
    printf("{");
    print("joins", &joins), print("before", &before), print("during", &during), print("shown", &shown), print("last", &last);
    print("shown_five", &shown_five), print("last_five", &lastfive), print("late", &late);
    long behind = 0;
    for (long i = 0; i < streams; i++) behind += first_ones[i]->seen < furthest;
    printf("\"streams\": %ld, \"behind\": %ld, \"refused\": %ld, \"closed\": %ld, \"busy\": %.3f}\n", open_streams, behind,
           refused, closed, busy);
    return 0;
}
