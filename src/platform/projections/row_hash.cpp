#include "platform/projections/row_hash.hpp"

#include <xxhash.h>

#include <cstring>

namespace kontor::projections {

ports::RowDigest RowHasher::operator()(std::size_t table, std::span<ports::Cell const> row) {
    std::size_t size = 1;
    for (auto const& cell : row)
        size += 9 + (cell.kind() == ports::CellKind::text || cell.kind() == ports::CellKind::bytes
                         ? cell.characters().size()
                         : 0);
    if (bytes_.size() < size)
        bytes_.resize(size);
    auto* to = bytes_.data();
    *to++ = static_cast<std::uint8_t>(table);
    for (auto const& cell : row) {
        *to++ = static_cast<std::uint8_t>(cell.kind());
        if (cell.is_null())
            continue;
        bool const is_number = cell.kind() == ports::CellKind::integer;
        std::uint64_t const word =
            is_number ? static_cast<std::uint64_t>(cell.number()) : cell.characters().size();
        std::memcpy(to, &word, sizeof word);
        to += sizeof word;
        if (is_number || cell.characters().empty())
            continue;
        std::memcpy(to, cell.characters().data(), cell.characters().size());
        to += cell.characters().size();
    }
    auto const hash = XXH3_128bits(bytes_.data(), static_cast<std::size_t>(to - bytes_.data()));
    return {hash.high64, hash.low64};
}

} // namespace kontor::projections
