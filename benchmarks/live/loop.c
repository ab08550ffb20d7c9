/* The limit that the live hub is measured against: one epoll loop that writes the same bytes to every client.
 *
 * loop PORT BYTES EVERY_MS: answers each connection with the head of an endless response, then writes BYTES bytes to
 * all of them every EVERY_MS milliseconds. A client whose socket is full is left out. Ends by itself after five minutes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MOST 40000
static char open_now[MOST];
static int clients[MOST], count;

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int port = atoi(argv[1]), bytes = atoi(argv[2]), every = atoi(argv[3]), one = 1;
    struct rlimit most = {0};
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(door, (struct sockaddr *)&at, sizeof at) || listen(door, 4096)) { perror("listen"); return 1; }
    char *message = malloc(bytes);
    memset(message, 'x', bytes);
    const char *head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    int loop = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec when = {{every / 1000, every % 1000 * 1000000L}, {every / 1000, every % 1000 * 1000000L}};
    timerfd_settime(timer, 0, &when, NULL);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[512];
    epoll_ctl(loop, EPOLL_CTL_ADD, door, &event);
    event.data.fd = timer;
    epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event);
    time_t end = time(NULL) + 300;
    while (time(NULL) < end) {
        int ready = epoll_wait(loop, events, 512, 1000);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == door) {
                int client;
                while ((client = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    event.events = EPOLLIN;
                    event.data.fd = client;
                    epoll_ctl(loop, EPOLL_CTL_ADD, client, &event);
                }
            } else if (fd == timer) {
                uint64_t times;
                if (read(timer, &times, sizeof times) < 0) continue;
                for (int j = 0; j < count; j++) {
                    int client = clients[j];
                    if (open_now[client] && write(client, message, bytes) < 0 && errno != EAGAIN) open_now[client] = 0;
                }
            } else {
                char in[4096];
                ssize_t got = read(fd, in, sizeof in);
                if (got == 0 || (got < 0 && errno != EAGAIN)) {
                    open_now[fd] = 0;
                    close(fd);
                } else if (got > 0 && fd < MOST && !open_now[fd]) {
                    open_now[fd] = 1;
                    clients[count++] = fd;
                    if (write(fd, head, strlen(head)) < 0) open_now[fd] = 0;
                }
            }
        }
    }
    return 0;
}
