#pragma once

/// MostFrequent: of many (SKU, value) sightings, the value each SKU was seen with most often; of
/// equally frequent ones the first seen.

#include "services/import/table.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace kontor::online_retail {

class MostFrequent {
public:
    explicit MostFrequent(std::size_t sku_count) : sku_count_(sku_count) {}

    void see(SkuIndex sku, std::uint32_t value);
    /// By SkuIndex; empty for a SKU that was never seen.
    std::vector<std::optional<std::uint32_t>> by_sku() const;

private:
    struct Counted {
        SkuIndex sku;
        std::uint32_t value;
        std::uint32_t count;
    };
    std::size_t sku_count_;
    std::vector<Counted> counted_; ///< in the sequence of first sight
    std::unordered_map<std::uint64_t, std::size_t> at_;
};

} // namespace kontor::online_retail
