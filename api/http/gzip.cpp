#include "api/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace nova::api {
namespace {

constexpr int gzip_window = 15 + 16;   // zlib's way of saying: a gzip header, not a zlib one

// A deflate state is 256 KiB and costs more to make than a small body to compress, so each thread keeps one.
struct Deflater {
    z_stream stream{};
    Deflater() {
        if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::runtime_error("zlib could not be initialised");
    }
    ~Deflater() { deflateEnd(&stream); }
};

struct Inflater {
    z_stream stream{};
    Inflater() {
        if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::runtime_error("zlib could not be initialised");
    }
    ~Inflater() { inflateEnd(&stream); }
};

Bytef* bytes(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

void gzip(std::string_view plain, std::string& out) {
    thread_local Deflater deflater;
    z_stream& z = deflater.stream;
    deflateReset(&z);
    const std::size_t before = out.size();
    out.resize(before + deflateBound(&z, plain.size()));
    z.next_in = bytes(plain);
    z.avail_in = static_cast<uInt>(plain.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    z.avail_out = static_cast<uInt>(out.size() - before);
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib could not compress an answer");
    out.resize(out.size() - z.avail_out);
}

Unpacked gunzip(std::string_view packed, std::size_t bytes_max, std::string& out) {
    Inflater inflater;
    z_stream& z = inflater.stream;
    z.next_in = bytes(packed);
    z.avail_in = static_cast<uInt>(packed.size());
    out.clear();
    for (;;) {
        const std::size_t before = out.size();
        if (before > bytes_max) return Unpacked::too_large;
        out.resize(std::min(bytes_max + 1, std::max<std::size_t>(before * 2, packed.size() * 4 + 256)));
        z.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        z.avail_out = static_cast<uInt>(out.size() - before);
        const int result = inflate(&z, Z_NO_FLUSH);
        out.resize(out.size() - z.avail_out);
        if (result == Z_STREAM_END) {
            if (out.size() > bytes_max) return Unpacked::too_large;
            return z.avail_in == 0 ? Unpacked::ok : Unpacked::damaged;
        }
        if (result != Z_OK && result != Z_BUF_ERROR) return Unpacked::damaged;
        if (out.size() == before || (z.avail_in == 0 && z.avail_out != 0))
            return out.size() > bytes_max ? Unpacked::too_large : Unpacked::damaged;
    }
}

bool accepts_gzip(std::string_view accepted) {
    while (!accepted.empty()) {
        auto entry = accepted.substr(0, accepted.find(','));
        accepted.remove_prefix(std::min(accepted.size(), entry.size() + 1));
        while (!entry.empty() && (entry.front() == ' ' || entry.front() == '\t')) entry.remove_prefix(1);
        const auto coding = entry.substr(0, entry.find_first_of("; \t"));
        if (coding != "gzip" && coding != "*" && coding != "x-gzip") continue;
        const auto weight = entry.find("q=");
        if (weight == std::string_view::npos) return true;
        return entry.find_first_of("123456789", weight) != std::string_view::npos;
    }
    return false;
}

}  // namespace nova::api
