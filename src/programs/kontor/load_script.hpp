#pragma once

/// What a load test asks: products to look at and baskets to buy, read from the shop that is asked.

#include "base/random.hpp"
#include "programs/kontor/remote_write.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::programs {

/// Where a server listens.
struct LoadTarget {
    std::string address; ///< of IPv4
    std::uint16_t port{0};
};

/// Reads "http://127.0.0.1:8080".   Errors: usage.
Result<LoadTarget, Trouble> load_target(std::string const& url);

/// The kinds of calls, as a report names them.
enum class LoadKind : std::uint32_t { look, order, batch };
constexpr std::string_view load_kind_names[] = {"look", "order", "batch"};
constexpr std::size_t load_kinds = std::size(load_kind_names);

/// What the calls are made of; the sequence is drawn by who sends them.
struct LoadScript {
    std::string host; ///< with the port
    std::string token;
    std::string run;                   ///< part of each idempotency key
    std::vector<std::string> looks{};  ///< paths
    std::vector<std::string> orders{}; ///< bodies

    /// A whole request of HTTP/1.1.   Requires: there are paths.
    std::string look(Random& dice) const;
    /// The same, with an idempotency key that only this number has.   Requires: there are bodies.
    std::string order(Random& dice, std::uint64_t number) const;
    /// So many orders in one request, numbered from `first`.   Requires: there are bodies.
    std::string batch(Random& dice, std::uint64_t first, std::size_t count) const;

private:
    std::string post(std::string_view path, std::string_view key_line, std::string_view body) const;
};

/// Errors: as Remote::send; unknown_sku (the shop sells nothing).
Result<LoadScript, Trouble> write_load_script(Remote& remote, LoadTarget const& target,
                                              Random& dice);

} // namespace kontor::programs
