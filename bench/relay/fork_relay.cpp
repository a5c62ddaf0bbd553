// A call relay as one writes it first: a process for each pair, forwarding 4,096 bytes at a time.
//
// Written for the comparison in docs/benchmarks-relay.md after the description of the original
// call server. In: connections to two ports, each beginning with an int32 length and a session
// code. Out: the bytes of two connections with the same code, each to the other.
// It does what the original does wrong too: it waits for a code without accepting others, and
// takes a short write for a whole one. Not for use.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace {

constexpr int32_t kLongestCode = 1024;

int listenOn(int *port)
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *plain = reinterpret_cast<sockaddr *>(&address);
    if (listener < 0 || bind(listener, plain, length) != 0 || listen(listener, 128) != 0
        || getsockname(listener, plain, &length) != 0) {
        std::perror("fork_relay");
        std::exit(1);
    }
    *port = ntohs(address.sin_port);
    return listener;
}

bool readExactly(int from, char *to, size_t count)
{
    while (count > 0) {
        const ssize_t got = recv(from, to, count, 0);
        if (got <= 0)
            return false;
        to += got;
        count -= static_cast<size_t>(got);
    }
    return true;
}

bool forward(int from, int to)
{
    char buffer[4096];
    const ssize_t got = recv(from, buffer, sizeof buffer, 0);
    return got > 0 && send(to, buffer, static_cast<size_t>(got), 0) >= 0;
}

[[noreturn]] void servePair(int one, int other)
{
    for (;;) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(one, &readable);
        FD_SET(other, &readable);
        if (select(std::max(one, other) + 1, &readable, nullptr, nullptr, nullptr) < 0)
            break;
        if (FD_ISSET(one, &readable) && !forward(one, other))
            break;
        if (FD_ISSET(other, &readable) && !forward(other, one))
            break;
    }
    _exit(0);
}

void acceptOne(int listener, std::map<std::string, int> &waiting)
{
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0)
        return;
    int32_t length = 0;
    if (!readExactly(client, reinterpret_cast<char *>(&length), sizeof length) || length < 1
        || length > kLongestCode) {
        close(client);
        return;
    }
    std::string code(static_cast<size_t>(length), '\0');
    if (!readExactly(client, code.data(), code.size())) {
        close(client);
        return;
    }
    const auto found = waiting.find(code);
    if (found == waiting.end()) {
        waiting[code] = client;
        return;
    }
    const int partner = found->second;
    waiting.erase(found);
    if (fork() == 0)
        servePair(partner, client);
    close(partner);
    close(client);
}

} // namespace

int main()
{
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    int ports[2];
    const int listeners[2] = {listenOn(&ports[0]), listenOn(&ports[1])};
    std::printf("video %d audio %d\n", ports[0], ports[1]);
    std::fflush(stdout);
    std::map<std::string, int> waiting[2];
    for (;;) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(listeners[0], &readable);
        FD_SET(listeners[1], &readable);
        if (select(std::max(listeners[0], listeners[1]) + 1, &readable, nullptr, nullptr, nullptr)
            < 0)
            continue;
        for (int media = 0; media < 2; ++media) {
            if (FD_ISSET(listeners[media], &readable))
                acceptOne(listeners[media], waiting[media]);
        }
    }
}
