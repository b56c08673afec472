#include "tests/http/mutations.hpp"

#include "base/assert.hpp"
#include "tests/http/heads.hpp"

#include <algorithm>

namespace kontor::testing {

Mutations::Mutations(std::uint64_t seed) : dice_(seed) {
    constexpr std::size_t seed_bytes_max = 600;
    for (auto const& each : read_heads("sound_heads.txt", '|'))
        if (each.bytes.size() < seed_bytes_max)
            seeds_.insert(seeds_.end(), 12, each.bytes); // mostly sound, so that small changes tell
    for (auto const& each : read_heads("malformed_heads.txt", ' '))
        if (each.bytes.size() < seed_bytes_max)
            seeds_.push_back(each.bytes);
    for (char const* piece : {"\r",
                              "\n",
                              "\r\n",
                              "\r\n\r\n",
                              "\t",
                              " ",
                              ":",
                              ",",
                              ";",
                              "\\0",
                              "\\x80",
                              "\\xff",
                              "\\x7f",
                              "%00",
                              "%2f",
                              "%2e",
                              "..",
                              "/",
                              "//",
                              "?",
                              "#",
                              "\"",
                              "chunked",
                              "Transfer-Encoding: chunked\\r\\n",
                              "Transfer-Encoding: identity\\r\\n",
                              "Content-Length: 5\\r\\n",
                              "Content-Length: 0\\r\\n",
                              "Content-Length: 99999999999\\r\\n",
                              "Host: localhost\\r\\n",
                              "Host: evil.test\\r\\n",
                              "Connection: close\\r\\n",
                              "Expect: 100-continue\\r\\n",
                              "0\\r\\n\\r\\n",
                              "5\\r\\nhello\\r\\n",
                              "HTTP/1.1",
                              "HTTP/1.0",
                              "GET ",
                              "POST ",
                              "http://localhost",
                              "X: y\\r\\n",
                              " folded\\r\\n"})
        pieces_.push_back(unescaped(piece));
}

std::string Mutations::draw() {
    auto bytes = any_of(seeds_);
    if (dice_.chance(1, 3))
        bytes += any_of(seeds_);
    for (auto changes = dice_.below(4); changes > 0; --changes)
        change(bytes);
    return bytes;
}

void Mutations::change(std::string& bytes) {
    auto const at = place_in(bytes);
    auto const length = static_cast<std::size_t>(dice_.below(8));
    switch (dice_.below(8)) {
    case 0: bytes.insert(at, any_of(pieces_)); break;
    case 1: bytes.insert(at, 1, static_cast<char>(dice_.below(256))); break;
    case 2: bytes.erase(at, 1); break;
    case 3: bytes.erase(at, length); break;
    case 4: bytes.replace(at, std::min(length, bytes.size() - at), any_of(pieces_)); break;
    case 5: bytes.insert(place_in(bytes), bytes.substr(at, length * 4)); break;
    case 6: bytes.resize(at); break;
    case 7:
        if (at < bytes.size())
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice_.below(8)));
        break;
    default: KONTOR_UNREACHABLE();
    }
}

} // namespace kontor::testing
