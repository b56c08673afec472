#include "codec/samples.hpp"

#include <algorithm>

namespace kontor::codec {
namespace {

constexpr std::array<std::string_view, 8> pieces{
    "a", "Z9", " ", "\"\\", "\n\x01", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x93\xa6"};
constexpr std::array<std::string_view, 6> words{"white", "hanging", "heart",
                                                "light", "holder",  "red"};

} // namespace

std::uint64_t RandomSamples::number(std::uint64_t first, std::uint64_t last) {
    switch (random_.below(4)) {
    case 0: return first;
    case 1: return last;
    case 2: return first + random_.below(std::min<std::uint64_t>(last - first, 300) + 1);
    default: {
        auto const span = last - first;
        return first + (span == ~std::uint64_t{0} ? random_.next() : random_.below(span + 1));
    }
    }
}

std::int64_t RandomSamples::signed_number(std::int64_t first, std::int64_t last) {
    if (random_.chance(1, 4) && first <= -300 && last >= 300)
        return random_.between(-300, 300);
    // The distance between two 64-bit numbers fits 64 bits without sign, and wraps back.
    auto const base = static_cast<std::uint64_t>(first);
    return static_cast<std::int64_t>(base + number(0, static_cast<std::uint64_t>(last) - base));
}

std::string RandomSamples::text(std::size_t length_max) {
    std::string text;
    for (auto left = random_.below(2 * size_ + 1); left > 0; --left) {
        auto const piece = pieces[random_.below(pieces.size())];
        if (text.size() + piece.size() > length_max)
            break;
        text += piece;
    }
    return text;
}

std::string RandomSamples::word(std::size_t length_max) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::string word;
    for (auto left = 1 + random_.below(length_max); left > 0; --left)
        word += letters[random_.below(letters.size())];
    return word;
}

std::uint64_t PlainSamples::number(std::uint64_t first, std::uint64_t last) {
    auto const next = 100 + 37 * ++drawn_;
    return first + (last - first < next ? next % (last - first + 1) : next);
}

std::int64_t PlainSamples::signed_number(std::int64_t first, std::int64_t last) {
    if (last == sample_instant_last)
        return 1'764'000'000'000'000 + static_cast<std::int64_t>(number(0, 10'000'000)) * 1'000'000;
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(number(0, 100'000)), first, last);
}

std::string PlainSamples::text(std::size_t length_max) {
    std::string text(words[++drawn_ % words.size()]);
    text += ' ';
    text += words[++drawn_ % words.size()];
    return text.substr(0, length_max);
}

std::string PlainSamples::word(std::size_t length_max) {
    return ("S" + std::to_string(100 + ++drawn_)).substr(0, length_max);
}

} // namespace kontor::codec
