#include "tests/simulation/world/trace.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace kontor::simulation {

void Trace::mix(std::span<std::uint8_t const> bytes) {
    hash_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), hash_);
}

void Trace::mix(std::uint64_t number) {
    hash_ = XXH3_64bits_withSeed(&number, sizeof number, hash_);
}

void Trace::note(Instant now, std::string_view who, std::string_view what, std::uint64_t number) {
    lines_[length_++ % kept] = {now, who, what, number};
    mix(static_cast<std::uint64_t>(now.unix_microseconds()));
    hash_ = XXH3_64bits_withSeed(who.data(), who.size(), hash_);
    hash_ = XXH3_64bits_withSeed(what.data(), what.size(), hash_);
    mix(number);
}

std::string Trace::last_lines() const {
    std::string text;
    for (auto n = length_ - std::min<std::uint64_t>(length_, kept); n < length_; ++n) {
        auto const& line = lines_[n % kept];
        text += fmt::format("  {:>7}  {}  {} {} {}\n", n, to_string(line.at), line.who, line.what,
                            line.number);
    }
    return text;
}

} // namespace kontor::simulation
