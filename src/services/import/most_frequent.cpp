#include "services/import/most_frequent.hpp"

namespace kontor::online_retail {

void MostFrequent::see(SkuIndex sku, std::uint32_t value) {
    auto const key = std::uint64_t{sku} << 32U | value;
    auto const [found, is_new] = at_.try_emplace(key, counted_.size());
    if (is_new)
        counted_.push_back({sku, value, 0});
    ++counted_[found->second].count;
}

std::vector<std::optional<std::uint32_t>> MostFrequent::by_sku() const {
    std::vector<std::optional<std::uint32_t>> best(sku_count_);
    std::vector<std::uint32_t> most(sku_count_, 0);
    for (auto const& counted : counted_) {
        if (counted.count <= most[counted.sku])
            continue;
        most[counted.sku] = counted.count;
        best[counted.sku] = counted.value;
    }
    return best;
}

} // namespace kontor::online_retail
