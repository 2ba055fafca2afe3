// A few routes for tests of the server: an echo, a slow one, one that throws.
#pragma once
#include <thread>

#include "api/http/documentation.h"
#include "api/http/problem.h"
#include "schemas/type_info.h"
#include "tests/api/http_client.h"

namespace nova::api::test {

struct Note {
    Text<1, 2'000'000> text;
};
BOOST_DESCRIBE_STRUCT(Note, (), (text))

inline void answer_later(const ReplyPtr& reply, int ms, std::string body) {
    std::thread([reply, ms, body] {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
        reply->send({200, body});
    }).detach();
}

inline Route open(Method method, std::string pattern, Handler handle) {
    Route route{method, std::move(pattern), "A test.", "Test", std::move(handle)};
    route.is_public = true;
    return route;
}

inline void add_test_routes(Router& router) {
    router.add(open(Method::GET, "/api/hello",
                    [](const RequestPtr&, const ReplyPtr& reply) { reply->send({200, "{\"hello\":true}"}); }));
    Route echo = open(Method::POST, "/api/echo",
                      [](const RequestPtr& request, const ReplyPtr& reply) { reply->send({200, request->body}); });
    echo.body = &schemas::type_of<Note>();
    router.add(std::move(echo));
    Route sized = open(Method::GET, "/api/sized", [](const RequestPtr& request, const ReplyPtr& reply) {
        reply->send({200, std::string(std::stoul(std::string(*request->parameter("n"))), 'a')});
    });
    sized.parameters = {{"n"}};
    router.add(std::move(sized));
    Route slow = open(Method::GET, "/api/slow", [](const RequestPtr& request, const ReplyPtr& reply) {
        answer_later(reply, std::stoi(std::string(*request->parameter("ms"))), "{\"slow\":true}");
    });
    slow.parameters = {{"ms"}};
    router.add(std::move(slow));
    router.add(open(Method::POST, "/api/slow",
                    [](const RequestPtr&, const ReplyPtr& reply) { answer_later(reply, 3000, "{}"); }));
    router.add(open(Method::GET, "/api/throws", [](const RequestPtr&, const ReplyPtr&) {
        throw std::runtime_error("the password=hunter2 leaked");
    }));
    router.add(open(Method::GET, "/api/drops", [](const RequestPtr&, const ReplyPtr&) {}));
    router.add(open(Method::GET, "/api/drops-later",
                    [](const RequestPtr&, const ReplyPtr& reply) { std::thread([reply] {}).detach(); }));
    router.add(open(Method::GET, "/api/twice", [](const RequestPtr&, const ReplyPtr& reply) {
        reply->send({200, "1"}), reply->send({200, "2"});
    }));
    router.add(open(Method::GET, "/api/injects", [](const RequestPtr&, const ReplyPtr& reply) {
        reply->send(Response{200, "{}"}.with("Location", "/a\r\nX-Evil: 1"));
    }));
    router.add(
        {Method::GET, "/api/items/{id}", "One item.", "Test", [](const RequestPtr& request, const ReplyPtr& reply) {
             reply->send({200, "{\"id\":\"" + request->path_values[0] + "\"}"});
         }});
    router.add({Method::PATCH, "/api/items/{id}", "Change it.", "Test",
                [](const RequestPtr& request, const ReplyPtr& reply) { reply->send({200, request->body}); }});
}

}  // namespace nova::api::test
