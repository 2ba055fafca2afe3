#include "tests/bench/http.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace nova::bench {
namespace {

[[noreturn]] void failed(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

sockaddr_in local_address(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

int connect_to(std::uint16_t port) {
    const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0) failed("no socket could be made");
    const sockaddr_in address = local_address(port);
    if (connect(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(s);
        failed("nothing answers on port " + std::to_string(port));
    }
    const int on = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return s;
}

void make_nonblocking(int s) { fcntl(s, F_SETFL, fcntl(s, F_GETFL) | O_NONBLOCK); }

std::size_t write_some(int s, std::string_view bytes) {
    const ssize_t wrote = send(s, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR) failed("a request could not be sent");
    return wrote < 0 ? 0 : static_cast<std::size_t>(wrote);
}

void read_some(int s, std::string& appended_to) {
    char buffer[64 * 1024];
    const ssize_t got = recv(s, buffer, sizeof buffer, 0);
    if (got == 0) throw std::runtime_error("the server closed a connection that was in use");
    if (got < 0 && errno != EAGAIN && errno != EINTR) failed("an answer could not be read");
    if (got > 0) appended_to.append(buffer, static_cast<std::size_t>(got));
}

std::uint16_t free_port() {
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    if (bind(s, reinterpret_cast<const sockaddr*>(&address), size) != 0) failed("no free port was found");
    getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
    close(s);
    return ntohs(address.sin_port);
}

std::optional<std::pair<Answer, std::size_t>> parse_answer(std::string_view bytes) {
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == bytes.npos) return {};
    Answer answer;
    answer.head = bytes.substr(0, head_end + 4);
    std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
    std::size_t length = 0;
    if (const std::string_view value = header_of(answer, "content-length"); !value.empty())
        std::from_chars(value.data(), value.data() + value.size(), length);
    if (bytes.size() < head_end + 4 + length) return {};
    answer.body = bytes.substr(head_end + 4, length);
    return std::pair(answer, head_end + 4 + length);
}

std::string_view header_of(const Answer& answer, std::string_view name) {
    for (std::size_t line = answer.head.find("\r\n"); line + 2 < answer.head.size();
         line = answer.head.find("\r\n", line + 2)) {
        const std::string_view rest = answer.head.substr(line + 2);
        if (rest.size() <= name.size() || rest[name.size()] != ':') continue;
        if (strncasecmp(rest.data(), name.data(), name.size()) != 0) continue;
        std::string_view value = rest.substr(name.size() + 1, rest.find("\r\n") - name.size() - 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        return value;
    }
    return {};
}

std::string_view member_of(std::string_view json, std::string_view name) {
    const std::string opening = '"' + std::string(name) + "\":\"";
    const std::size_t at = json.find(opening);
    if (at == json.npos) return {};
    const std::string_view rest = json.substr(at + opening.size());
    return rest.substr(0, rest.find('"'));
}

void put_request(std::string& out, std::string_view method, std::string_view target, std::string_view token,
                 std::string_view body) {
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (!token.empty()) out.append("Authorization: Bearer ").append(token).append("\r\n");
    if (!body.empty())
        out.append("Content-Type: application/json\r\nContent-Length: ")
            .append(std::to_string(body.size()))
            .append("\r\n");
    out.append("\r\n").append(body);
}

Exchange exchange(std::uint16_t port, std::string_view method, std::string_view target, std::string_view token,
                  std::string_view body) {
    const int s = connect_to(port);
    std::string request, received;
    put_request(request, method, target, token, body);
    try {
        for (std::size_t sent = 0; sent < request.size();)
            sent += write_some(s, std::string_view(request).substr(sent));
        for (;;) {
            read_some(s, received);
            if (const auto answer = parse_answer(received)) {
                close(s);
                return {answer->first.status, std::string(answer->first.head), std::string(answer->first.body)};
            }
        }
    } catch (...) {
        close(s);
        throw;
    }
}

}  // namespace nova::bench
