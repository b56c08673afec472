#pragma once

/// Filter: says of a key "certainly not here" or "perhaps". A blocked Bloom filter: each key sets
/// eight bits of one cache line, sixteen bits of memory a key; about one in a thousand strangers
/// passes. Source: F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient Bloom
/// Filters" (2007).

#include "adapters/embedded/journal/bytes.hpp"

#include <vector>

namespace kontor::journal {

class Filter {
public:
    /// Big enough for so many keys; for none it refuses all.
    static Filter with_room_for(std::size_t keys);
    static Filter of_bytes(Bytes bytes);

    void add(Hash128 const& key);
    bool may_hold(Hash128 const& key) const;
    Bytes bytes() const;

private:
    static constexpr std::size_t line_words = 8;
    std::size_t line_of(std::uint64_t hash) const;

    std::vector<std::uint64_t> words_;
};

} // namespace kontor::journal
