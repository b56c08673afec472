#pragma once

/// What `kontor serve` was asked for: settings and flags, made into what the shop is opened with.

#include "programs/kontor/serve_shop.hpp"

namespace kontor::programs {

/// The flags of `kontor serve`, as given.
struct ServeFlags {
    std::int64_t port{-1};
    std::string listen;
    std::string payments; ///< where a provider outside answers; empty: as the settings say
    bool is_demo{false};
    std::string orders_a_second; ///< empty: as usual
    std::uint64_t demo_seed{42};
    std::int64_t demo_orders{-1};
    double seconds{0}; ///< then it closes by itself; 0: it stays open
};

/// Flags count before settings.
/// Errors: invalid (settings that contradict each other), each with its row.
Result<ServeOptions, Trouble> serve_options(Settings& settings, ServeFlags const& flags);

} // namespace kontor::programs
