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
    std::vector<std::uint32_t> values;
    for (std::size_t i = 0; i < entries.size();) {
        auto const& key = entries[i].key;
        values.clear();
        for (; i < entries.size() && entries[i].key == key; ++i)
            if (values.empty() || values.back() != entries[i].value)
                values.push_back(entries[i].value);
        insert(key, values);
    }
}

void ByteTable::insert(std::string_view key, std::span<std::uint32_t const> values) {
    auto const hash = hash_bytes(key);
    auto i = hash & mask_;
    while (slots_[i].count != 0)
        i = (i + 1) & mask_;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(keys_.size()),
                 static_cast<std::uint32_t>(key.size()),
                 values.size() == 1 ? values.front() : static_cast<std::uint32_t>(values_.size()),
                 static_cast<std::uint32_t>(values.size())};
    if (values.size() > 1)
        values_.insert(values_.end(), values.begin(), values.end());
    keys_ += key;
}

std::size_t ByteTable::memory() const {
    return slots_.capacity() * sizeof(Slot) + keys_.capacity() +
           values_.capacity() * sizeof(std::uint32_t);
}

} // namespace kontor::routing
