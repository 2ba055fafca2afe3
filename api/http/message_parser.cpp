#include "api/http/message_parser.h"

#include <algorithm>

#include "api/http/target.h"

namespace nova::api {
namespace http = boost::beast::http;

MessageParser::MessageParser(Request& request, std::string& method_text, std::size_t header_bytes_max)
    : request_(request), method_text_(method_text) {
    header_limit(static_cast<std::uint32_t>(header_bytes_max));
    body_limit(boost::none);   // ours is known only when the route is
}

void MessageParser::on_request_impl(http::verb verb, string_view method, string_view target, int version, error_code&) {
    version_ = version;
    method_text_.assign(method.data(), std::min<std::size_t>(method.size(), 32));
    request_.target.assign(target.data(), target.size());
    switch (verb) {
        case http::verb::get: request_.method = Method::GET; break;
        case http::verb::post: request_.method = Method::POST; break;
        case http::verb::put: request_.method = Method::PUT; break;
        case http::verb::patch: request_.method = Method::PATCH; break;
        case http::verb::delete_: request_.method = Method::DELETE; break;
        case http::verb::options: request_.method = Method::OPTIONS; break;
        case http::verb::head: request_.method = Method::HEAD; break;
        default: known_method_ = false;
    }
}

void MessageParser::on_field_impl(field known, string_view name, string_view value, error_code& error) {
    if (header_done_) return;   // trailers are none of a handler's business
    if (++headers_ > headers_max) {
        error = http::error::header_limit;
        return;
    }
    if (known == field::host) ++hosts_;
    if (known == field::transfer_encoding)
        codings_are_known_ = codings_are_known_ && version_ == 11 && boost::beast::iequals(value, "chunked");
    auto& [lower, text] = request_.headers.emplace_back(std::string(name), std::string(value));
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    // Values go into events and answers, which are UTF-8.
    if (!is_clean_utf8(text))
        std::replace_if(text.begin(), text.end(), [](char c) { return (c & 0x80) || c == 0; }, '?');
}

bool MessageParser::acceptable() const {
    return codings_are_known_ && (hosts_ == 1 || (hosts_ == 0 && version_ == 10));
}

void MessageParser::on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) {
    // No more than this is believed before it comes: a length alone costs a peer nothing.
    if (length) request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 64 << 10)));
}

std::size_t MessageParser::on_body_impl(string_view piece, error_code& error) {
    if (request_.body.size() + piece.size() > body_bytes_max_) {
        error = http::error::body_limit;
        return 0;
    }
    request_.body.append(piece.data(), piece.size());
    return piece.size();
}

}  // namespace nova::api
