#include "services/import/text_table.hpp"

#include "base/assert.hpp"

namespace kontor::online_retail {

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    for (char const c : text)
        seed = (seed ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    return seed;
}

std::string_view TextTable::text(std::uint32_t number) const {
    KONTOR_ASSERT(number < entries_.size(), "text {} of {}", number, entries_.size());
    auto const& entry = entries_[number];
    return std::string_view(characters_).substr(entry.begin, entry.length);
}

std::size_t TextTable::slot_of(std::string_view wanted, std::uint64_t hash) const {
    auto const mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>(hash ^ (hash >> 32U)) & mask;
    while (slots_[slot] != none &&
           (entries_[slots_[slot]].hash != hash || text(slots_[slot]) != wanted))
        slot = (slot + 1) & mask;
    return slot;
}

std::optional<std::uint32_t> TextTable::try_find(std::string_view wanted) const {
    auto const found = slots_[slot_of(wanted, hash_of(wanted))];
    return found == none ? std::nullopt : std::optional(found);
}

std::uint32_t TextTable::number_of(std::string_view wanted) {
    auto const hash = hash_of(wanted);
    auto slot = slot_of(wanted, hash);
    if (slots_[slot] != none)
        return slots_[slot];
    if (entries_.size() * 2 >= slots_.size()) {
        grow();
        slot = slot_of(wanted, hash);
    }
    auto const number = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({hash, static_cast<std::uint32_t>(characters_.size()),
                        static_cast<std::uint32_t>(wanted.size())});
    characters_ += wanted;
    return slots_[slot] = number;
}

void TextTable::grow() {
    slots_.assign(slots_.size() * 2, none);
    auto const mask = slots_.size() - 1;
    for (std::uint32_t number = 0; number < entries_.size(); ++number) {
        auto const hash = entries_[number].hash;
        auto slot = static_cast<std::size_t>(hash ^ (hash >> 32U)) & mask;
        while (slots_[slot] != none)
            slot = (slot + 1) & mask;
        slots_[slot] = number;
    }
}

} // namespace kontor::online_retail
