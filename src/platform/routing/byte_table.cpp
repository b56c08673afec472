#include "platform/routing/byte_table.hpp"

#include <algorithm>
#include <bit>

namespace kontor::routing {

ByteTable::ByteTable(std::vector<Entry> entries) {
    if (entries.empty())
        return;
    std::stable_sort(entries.begin(), entries.end(),
                     [](auto const& a, auto const& b) { return a.key < b.key; });
    slots_.resize(std::bit_ceil(2 * entries.size()));
    mask_ = slots_.size() - 1;
    values_.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size();) {
        auto const& key = entries[i].key;
        auto const begin = values_.size();
        for (; i < entries.size() && entries[i].key == key; ++i)
            if (values_.size() == begin || values_.back() != entries[i].value)
                values_.push_back(entries[i].value);
        insert(key, static_cast<std::uint32_t>(begin));
    }
}

void ByteTable::insert(std::string_view key, std::uint32_t values_begin) {
    auto const hash = hash_bytes(key);
    auto i = hash & mask_;
    while (slots_[i].values_end != 0)
        i = (i + 1) & mask_;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(keys_.size()),
                 static_cast<std::uint32_t>(key.size()), values_begin,
                 static_cast<std::uint32_t>(values_.size())};
    keys_ += key;
}

std::size_t ByteTable::memory() const {
    return slots_.capacity() * sizeof(Slot) + keys_.capacity() +
           values_.capacity() * sizeof(std::uint32_t);
}

} // namespace kontor::routing
