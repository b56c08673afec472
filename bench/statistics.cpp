#include "bench/statistics.hpp"

#include "base/assert.hpp"
#include "base/random.hpp"

#include <algorithm>

namespace kontor::bench {
namespace {

constexpr std::size_t resamples = 10'000;
constexpr std::uint64_t seed = 95;

} // namespace

double median(std::vector<double> rows) {
    if (rows.empty())
        return 0;
    std::sort(rows.begin(), rows.end());
    auto const middle = rows.size() / 2;
    return rows.size() % 2 == 1 ? rows[middle] : (rows[middle - 1] + rows[middle]) / 2;
}

Interval bootstrap_interval(std::vector<double> rows) {
    KONTOR_ASSERT(!rows.empty(), "no rows, no interval");
    std::sort(rows.begin(), rows.end());
    Random random(seed);
    std::vector<double> drawn(rows.size());
    std::vector<double> medians(resamples);
    for (auto& each : medians) {
        for (auto& row : drawn)
            row = rows[random.below(rows.size())];
        each = median(drawn);
    }
    std::sort(medians.begin(), medians.end());
    return {medians[resamples * 25 / 1000], medians[resamples * 975 / 1000 - 1]};
}

bool is_scattered(std::vector<double> const& rows) {
    auto const [least, most] = std::minmax_element(rows.begin(), rows.end());
    return least != rows.end() && *most > 2 * *least;
}

std::vector<double> ratios(std::vector<double> const& above, std::vector<double> const& below,
                           double factor) {
    KONTOR_ASSERT(above.size() == below.size(), "rows without a partner");
    std::vector<double> result;
    for (std::size_t n = 0; n < above.size(); ++n)
        result.push_back(above[n] / (factor * below[n]));
    return result;
}

} // namespace kontor::bench
