// Reads one HTTP message straight into a Request (Boost.Beast does the syntax). A new one is made for each message.
#pragma once
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "api/http/message.h"

namespace nova::api {

class MessageParser final : public boost::beast::http::basic_parser<true> {
public:
    // `method_text` takes the method as it was sent, since a Request cannot hold one that nobody knows.
    MessageParser(Request&, std::string& method_text, std::size_t header_bytes_max);

    void limit_body(std::size_t bytes) { body_bytes_max_ = bytes; }
    bool known_method() const { return known_method_; }
    bool old_version() const { return version_ == 10; }
    // What Beast lets pass and this server does not: no Host, several of them, a transfer coding beside `chunked`.
    bool acceptable() const;
    bool too_many_headers() const { return headers_ > headers_max; }

private:
    static constexpr int headers_max = 100;
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using field = boost::beast::http::field;

    void on_request_impl(boost::beast::http::verb, string_view method, string_view target, int version,
                         error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field, string_view name, string_view value, error_code&) override;
    void on_header_impl(error_code&) override { header_done_ = true; }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override;
    std::size_t on_body_impl(string_view, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
        return on_body_impl(body, error);
    }
    void on_finish_impl(error_code&) override {}

    Request& request_;
    std::string& method_text_;
    std::size_t body_bytes_max_ = 0;
    int version_ = 11, hosts_ = 0, headers_ = 0;
    bool known_method_ = true, header_done_ = false, codings_are_known_ = true;
};

}  // namespace nova::api
