// As much of an HTTP client as a benchmark needs: requests as bytes, answers with Content-Length, sockets to this machine.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/bench/load.h"

namespace nova::bench {

// Sockets; each throws std::runtime_error in one sentence.
int connect_to(std::uint16_t port);
void make_nonblocking(int socket);
std::size_t write_some(int socket, std::string_view);   // 0: it would block
void read_some(int socket, std::string& appended_to);
std::uint16_t free_port();

// The first whole answer in the bytes and how many of them it takes; none: more must come.
std::optional<std::pair<Answer, std::size_t>> parse_answer(std::string_view);
// A header of an answer, by its name in any case; empty: it is not there.
std::string_view header_of(const Answer&, std::string_view name);
// The text of a member such as "token":"…" anywhere in a body; empty: it is not there. The text holds no escapes.
std::string_view member_of(std::string_view json, std::string_view name);

// Appends a request to `out`. An empty token: none is sent.
void put_request(std::string& out, std::string_view method, std::string_view target, std::string_view token,
                 std::string_view body = {});

// One request and its answer on a connection of its own.
struct Exchange {
    unsigned status = 0;
    std::string head, body;
};
Exchange exchange(std::uint16_t port, std::string_view method, std::string_view target, std::string_view token = {},
                  std::string_view body = {});

}  // namespace nova::bench
