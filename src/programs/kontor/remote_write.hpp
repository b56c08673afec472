#pragma once

/// What the commands that change a running shop share: the flags of a write, how lines are typed,
/// an order and its price, and the one way in which a write goes out and its answer is shown.

#include "programs/kontor/remote_views.hpp"

namespace kontor::programs {

/// What every write takes.
struct WriteFlags {
    std::string key{};
    std::string reason{};
    int wait_s{0};
};

/// Adds --key and --wait.
void add_write_flags(CLI::App& command, WriteFlags& flags);

/// Lines of what is wanted by SKU ("K001=2"), or of an order by their number ("1=2"): `name` is
/// "sku" or "line".   Errors: invalid (usage).
Result<boost::json::array, Trouble> lines_of(std::vector<std::string> const& given,
                                             char const* name);

/// What somebody wants to buy, and who gets it.
struct OrderWish {
    boost::json::array lines{};
    std::string currency{"GBP"};
    std::string country{"GB"};
    std::string shipping{}; ///< empty: the first way that serves
    std::string coupon{};
    std::string card{"tok_approve"};
    std::string customer{}; ///< empty: a guest
    std::string name{};
    std::string street{};
    std::string city{};
    std::string postcode{};
    std::string email{};
};

/// What the shop asks for it.   Errors: as Remote::send.
Result<boost::json::object, Trouble> quoted(Remote& remote, OrderWish const& wish);

/// The order, at the price of its quote.
boost::json::object order_body(OrderWish const& wish, boost::json::object const& quote);

/// The version of what lies at an address, as it is sent back to replace it; "v0": it says none.
/// Errors: as Remote::get.
Result<std::string, Trouble> version_at(Program& program, std::string const& path);

/// Sends it with its key.   Errors: as Remote::send.
Result<RemoteAnswer, Trouble> written(Program& program, RemoteCall call, WriteFlags const& flags);

/// The same, and shows what it came to.
Outcome write(Program& program, RemoteCall call, WriteFlags const& flags);

} // namespace kontor::programs
