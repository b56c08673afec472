#include "adapters/embedded/journal/filter.hpp"

namespace kontor::journal {

Filter Filter::with_room_for(std::size_t keys) {
    constexpr std::size_t bits_a_key = 16;
    Filter filter;
    filter.words_.resize((keys * bits_a_key + 511) / 512 * line_words);
    return filter;
}

Filter Filter::of_bytes(Bytes bytes) {
    Filter filter;
    filter.words_.resize(bytes.size() / sizeof(std::uint64_t));
    if (!bytes.empty())
        std::memcpy(filter.words_.data(), bytes.data(), filter.words_.size() * 8);
    return filter;
}

std::size_t Filter::line_of(std::uint64_t hash) const {
    auto const lines = words_.size() / line_words;
    return static_cast<std::size_t>((hash >> 32) * lines >> 32) * line_words;
}

void Filter::add(Hash128 const& key) {
    auto const line = line_of(get<std::uint64_t>(key.data()));
    auto bits = get<std::uint64_t>(key.data() + 8) * 0x9e3779b97f4a7c15ULL;
    for (std::size_t word = 0; word < line_words; ++word, bits >>= 6)
        words_[line + word] |= std::uint64_t{1} << (bits & 63);
}

bool Filter::may_hold(Hash128 const& key) const {
    if (words_.empty())
        return false;
    auto const line = line_of(get<std::uint64_t>(key.data()));
    auto bits = get<std::uint64_t>(key.data() + 8) * 0x9e3779b97f4a7c15ULL;
    for (std::size_t word = 0; word < line_words; ++word, bits >>= 6)
        if ((words_[line + word] >> (bits & 63) & 1) == 0)
            return false;
    return true;
}

Bytes Filter::bytes() const {
    return {reinterpret_cast<std::uint8_t const*>(words_.data()), words_.size() * 8};
}

} // namespace kontor::journal
