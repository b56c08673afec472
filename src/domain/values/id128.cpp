#include "domain/values/id128.hpp"

#include <xxhash.h>

#include <bit>
#include <cstring>

namespace kontor {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::uint64_t time_mask = 0xffff'ffff'ffff'0000ULL;

/// The value of a character, or -1. Lower case reads as upper case; I, L and O are not taken for 1
/// and 0 (our choice: two spellings of one id would be two keys).
constexpr int value_of(char c) {
    if (c >= 'a' && c <= 'z')
        c = static_cast<char>(c - 'a' + 'A');
    auto const at = alphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

constexpr std::array<std::int8_t, 256> make_values() {
    std::array<std::int8_t, 256> values{};
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<std::int8_t>(value_of(static_cast<char>(i)));
    return values;
}

constexpr auto values = make_values();

} // namespace

Id128 Id128::mint(Instant now, Random& random) {
    auto const high =
        (static_cast<std::uint64_t>(now.unix_milliseconds()) << 16) | (random.next() >> 48);
    return {high, random.next()};
}

Id128 Id128::derive(Id128 cause, std::string_view noun, std::uint64_t index) {
    constexpr std::size_t noun_max = 40;
    KONTOR_ASSERT(noun.size() <= noun_max, "a noun of {} bytes", noun.size());
    std::array<unsigned char, 16 + 8 + noun_max> input{};
    auto const id = cause.bytes();
    std::memcpy(input.data(), id.data(), id.size());
    std::memcpy(input.data() + 16, &index, sizeof index);
    static_assert(std::endian::native == std::endian::little,
                  "derived ids are stored: the index is little-endian");
    std::memcpy(input.data() + 24, noun.data(), noun.size());
    auto const hash = XXH3_128bits(input.data(), 24 + noun.size());
    return {(cause.high_ & time_mask) | (hash.high64 >> 48), hash.low64};
}

Result<Id128> Id128::parse(std::string_view text) {
    auto const refuse = [] {
        return unexpected(Failure{FailureKind::invalid,
                                  "an id has 26 characters of 0-9 and A-Z without I, L, O, U"});
    };
    if (text.size() != text_length)
        return refuse();
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (char const c : text) {
        auto const value = values[static_cast<unsigned char>(c)];
        if (value < 0 || (high >> 59) != 0)
            return refuse();
        high = (high << 5) | (low >> 59);
        low = (low << 5) | static_cast<std::uint64_t>(value);
    }
    return Id128(high, low);
}

void Id128::write(std::span<char, text_length> out) const {
    auto high = high_;
    auto low = low_;
    for (std::size_t i = text_length; i-- > 0;) {
        out[i] = alphabet[low & 31];
        low = (low >> 5) | (high << 59);
        high >>= 5;
    }
}

std::string Id128::to_string() const {
    std::string text(text_length, '0');
    write(std::span<char, text_length>(text.data(), text_length));
    return text;
}

} // namespace kontor
