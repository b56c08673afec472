#include "platform/messaging/queues/siphash.hpp"

#include <bit>
#include <cstring>

namespace kontor::queues {
namespace {

struct Words {
    std::uint64_t a, b, c, d;

    void round() {
        a += b;
        c += d;
        b = std::rotl(b, 13) ^ a;
        d = std::rotl(d, 16) ^ c;
        a = std::rotl(a, 32);
        c += b;
        a += d;
        b = std::rotl(b, 17) ^ c;
        d = std::rotl(d, 21) ^ a;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
};

} // namespace

std::uint64_t siphash(SipKey const& key, std::span<std::uint8_t const> bytes) {
    static_assert(std::endian::native == std::endian::little);
    Words words{key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL,
                key[0] ^ 0x6c7967656e657261ULL, key[1] ^ 0x7465646279746573ULL};
    constexpr std::size_t word_size = 8;
    auto const whole = bytes.size() / word_size * word_size;
    for (std::size_t at = 0; at < whole; at += word_size) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, word_size);
        words.take(word);
    }
    std::uint64_t last = std::uint64_t{bytes.size() & 0xff} << 56;
    if (whole < bytes.size()) {
        std::uint64_t rest = 0;
        std::memcpy(&rest, bytes.data() + whole, bytes.size() - whole);
        last |= rest;
    }
    words.take(last);
    words.c ^= 0xff;
    for (int i = 0; i < 4; ++i)
        words.round();
    return words.a ^ words.b ^ words.c ^ words.d;
}

} // namespace kontor::queues
