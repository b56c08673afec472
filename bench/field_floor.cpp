#include "bench/field_floor.hpp"

#include "base/assert.hpp"

#include <simdjson.h>

#include <chrono>

namespace kontor::bench {

double measure_field_floor(std::vector<std::string_view> const& events, double seconds) {
    using Clock = std::chrono::steady_clock;
    simdjson::ondemand::parser parser;
    std::uint64_t found = 0;
    double elapsed = 0;
    auto const start = Clock::now();
    do {
        // The last one has nothing behind it that the parser may read.
        for (std::size_t i = 0; i + 1 < events.size(); ++i, ++found) {
            auto const event = events[i];
            simdjson::ondemand::document lot;
            std::string_view field;
            auto const error =
                parser
                    .iterate(event.data(), event.size(), event.size() + simdjson::SIMDJSON_PADDING)
                    .get(lot);
            KONTOR_ASSERT(!error && !lot["properties"]["MAPBLKLOT"].get(field) && !field.empty(),
                          "event {} is no lot", i);
        }
        elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    } while (elapsed < seconds);
    return elapsed * 1e9 / static_cast<double>(found);
}

} // namespace kontor::bench
