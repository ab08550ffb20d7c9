/* Many clients that read: clients PORT COUNT SECONDS REQUESTS [FRAME]
 *
 * Opens COUNT connections to 127.0.0.1, sends on each the next request of the file REQUESTS (requests are separated by a
 * line "%%"; the last is repeated) and reads what comes. FRAME: a file whose bytes are sent once the first answer has
 * come. Prints "ready" when every client has been answered, then reads for SECONDS and prints what came as JSON:
 * {"clients", "bytes", "events", "least", "most"}; an event is a read after at least 100 ms of silence on that socket.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 60000
static char state[MOST];
static double last[MOST];
static long events_of[MOST];

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static char *whole(const char *path, long *size) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    if (fread(text, 1, *size, file) != (size_t)*size) exit(2);
    text[*size] = 0;
    fclose(file);
    return text;
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    int port = atoi(argv[1]), count = atoi(argv[2]), seconds = atoi(argv[3]);
    long size, frame_size = 0;
    char *requests = whole(argv[4], &size), *frame = argc > 5 ? whole(argv[5], &frame_size) : NULL, *next = requests;
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    int loop = epoll_create1(0), answered = 0, opened = 0, closed = 0, *fds = calloc(count, sizeof(int));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event events[512];
    double begun = now(), ends = 0;
    long long bytes = 0;
    char in[65536];
    while (!ends || now() < ends) {
        for (int batch = 0; opened < count && batch < 50 && opened - answered < 500; batch++) {
            int fd = socket(AF_INET, SOCK_STREAM, 0);
            if (fd < 0 || fd >= MOST || connect(fd, (struct sockaddr *)&at, sizeof at)) { perror("connect"); return 1; }
            char *end = strstr(next, "\n%%\n");
            long length = end ? end - next : (long)strlen(next);
            if (write(fd, next, length) != length) { perror("write"); return 1; }
            if (end && end[4]) next = end + 4;
            fcntl(fd, F_SETFL, O_NONBLOCK);
            struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
            fds[opened++] = fd;
        }
        int ready = epoll_wait(loop, events, 512, opened < count ? 1 : 100);
        double at_now = now();
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            ssize_t got = read(fd, in, sizeof in);
            if (got <= 0) {
                if (got < 0 && errno == EAGAIN) continue;
                if (!closed++) fprintf(stderr, "a client was closed\n");
                epoll_ctl(loop, EPOLL_CTL_DEL, fd, NULL);
                continue;
            }
            if (!state[fd]) {
                state[fd] = 1;
                answered++;
                if (got < 4000 && !strstr(in, " 200 ") && !strstr(in, " 101 ")) {
                    in[got < 300 ? got : 300] = 0;
                    fprintf(stderr, "refused: %s\n", in);
                    return 1;
                }
                if (frame && write(fd, frame, frame_size) != frame_size) return 1;
            } else if (ends) {
                bytes += got;
                if (at_now - last[fd] > 0.1) events_of[fd]++;
            }
            last[fd] = at_now;
        }
        if (!ends && answered == count) {
            double told = now();
            printf("ready %.2f\n", told - begun);
            fflush(stdout);
            ends = told + seconds;
        }
        if (!ends && now() - begun > 120) { fprintf(stderr, "only %d of %d were answered\n", answered, count); return 1; }
    }
    long least = 1L << 60, greatest = 0, all = 0;
    for (int i = 0; i < count; i++) {
        long n = events_of[fds[i]];
        all += n;
        if (n < least) least = n;
        if (n > greatest) greatest = n;
    }
    printf("{\"clients\": %d, \"bytes\": %lld, \"events\": %ld, \"least\": %ld, \"most\": %ld}\n", count, bytes, all, least, greatest);
    return 0;
}
