#include "programs/kontor/remote_write.hpp"

#include "programs/kontor/typed_numbers.hpp"

#include "domain/values/quantity.hpp"

#include <fmt/core.h>

#include <limits>

namespace kontor::programs {
namespace {

/// "K001=2" as its two halves; without a number, one.
Result<std::pair<std::string, std::int64_t>, Trouble> counted(std::string const& text) {
    auto const equals = text.find('=');
    if (equals == std::string::npos)
        return std::pair(text, std::int64_t{1});
    auto const units = std::string_view(text).substr(equals + 1);
    auto const number = whole_number_in(units, 1, Quantity::max);
    if (!number)
        return unexpected(
            Trouble("usage", {FailureKind::invalid,
                              fmt::format("a line is NAME=UNITS, as in K001=2: a whole number of "
                                          "units from 1 to {} is wanted, and this is {}",
                                          Quantity::max, units),
                              text}));
    return std::pair(text.substr(0, equals), *number);
}

/// A line of an order, by its number.
Result<std::int64_t, Trouble> line_number(std::string const& name, std::string const& text) {
    auto const number = whole_number_in(name, 1, std::numeric_limits<std::uint16_t>::max());
    if (number)
        return *number;
    return unexpected(Trouble(
        "usage", {FailureKind::invalid,
                  fmt::format("a line is LINE=UNITS, as in 2=1: the number of a line of the "
                              "order is wanted, and this is {}",
                              name),
                  text}));
}

} // namespace

Result<boost::json::array, Trouble> lines_of(std::vector<std::string> const& given,
                                             char const* name) {
    boost::json::array lines;
    for (auto const& text : given) {
        KONTOR_TRY(auto const line, counted(text));
        boost::json::value which(line.first);
        if (std::string_view(name) == "line") {
            KONTOR_TRY(which, line_number(line.first, text));
        }
        lines.push_back(boost::json::object{{name, which}, {"quantity", line.second}});
    }
    return lines;
}

Result<boost::json::object, Trouble> quoted(Remote& remote, OrderWish const& wish) {
    boost::json::object asked{
        {"lines", wish.lines}, {"currency", wish.currency}, {"country", wish.country}};
    if (!wish.shipping.empty())
        asked["shipping_method"] = wish.shipping;
    if (!wish.coupon.empty())
        asked["coupon"] = wish.coupon;
    KONTOR_TRY(auto answer, remote.send({"POST", "/v1/quotes", std::move(asked)}));
    return answer.body.as_object();
}

boost::json::object order_body(OrderWish const& wish, boost::json::object const& quote) {
    boost::json::object body{{"lines", wish.lines},
                             {"currency", wish.currency},
                             {"ship_to",
                              {{"name", wish.name},
                               {"lines", boost::json::array{wish.street}},
                               {"city", wish.city},
                               {"postcode", wish.postcode},
                               {"country", wish.country}}},
                             {"contact", {{"email", wish.email}}},
                             {"payment", {{"method", "card"}, {"token", wish.card}}},
                             {"expected_total", quote.at("total")}};
    if (auto const* const shipping = quote.if_contains("shipping_method");
        shipping != nullptr && shipping->is_string())
        body["shipping_method"] = *shipping;
    if (!wish.coupon.empty())
        body["coupon"] = wish.coupon;
    if (!wish.customer.empty())
        body["customer_id"] = wish.customer;
    return body;
}

Result<std::string, Trouble> version_at(Program& program, std::string const& path) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const thing, remote.get(path));
    auto const* const object = thing.if_object();
    auto const* const version = object == nullptr ? nullptr : object->if_contains("version");
    return version == nullptr ? std::string("\"v0\"") : fmt::format("\"v{}\"", readable(*version));
}

Result<RemoteAnswer, Trouble> written(Program& program, RemoteCall call, WriteFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    call.key = flags.key.empty() ? fresh_key() : flags.key;
    if (flags.wait_s > 0)
        call.prefer = fmt::format("wait={}", flags.wait_s);
    if (call.body && !flags.reason.empty())
        (*call.body)["reason"] = flags.reason;
    else
        call.reason = flags.reason;
    if (program.output.options().verbose)
        program.output.notice(
            fmt::format("{} {}{} with the key {}", call.method, remote.url(), call.path, call.key));
    KONTOR_TRY(auto answer, remote.send(call));
    if (answer.was_replayed)
        program.output.notice("This key was used before: the same answer again.");
    return answer;
}

Outcome write(Program& program, RemoteCall call, WriteFlags const& flags) {
    KONTOR_TRY(auto const answer, written(program, std::move(call), flags));
    show_remote_thing(program.output, answer.body);
    return ExitCode::ok;
}

void add_write_flags(CLI::App& command, WriteFlags& flags) {
    command.add_option("--key", flags.key,
                       "the idempotency key: the same one again changes nothing (default: fresh)");
    command.add_option("--wait", flags.wait_s, "up to so many seconds, until it is settled")
        ->check(whole_number(0, 10));
}

} // namespace kontor::programs
