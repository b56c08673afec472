#include "programs/kontor/load_script.hpp"

#include "programs/kontor/serve_files.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <charconv>

namespace kontor::programs {
namespace {

constexpr std::size_t baskets = 64;
constexpr std::size_t products_max = 200;
constexpr std::size_t run_letters = 10;

/// A basket with its price, as the body of an order.   Errors: as Remote::send.
Result<std::string, Trouble> order_for(Remote& remote, std::vector<std::string> const& skus,
                                       Random& dice) {
    OrderWish wish;
    for (auto n = dice.between(1, 3); n > 0; --n)
        wish.lines.push_back(
            {{"sku", skus[(dice.below(skus.size()) + static_cast<std::size_t>(n)) % skus.size()]},
             {"quantity", 1}});
    wish.name = "Load Test";
    wish.street = "1 Quay Street";
    wish.city = "Bristol";
    wish.postcode = "BS1 4DJ";
    wish.email = "load@demo.invalid";
    KONTOR_TRY(auto const quote, quoted(remote, wish));
    return boost::json::serialize(order_body(wish, quote));
}

} // namespace

Result<LoadTarget, Trouble> load_target(std::string const& url) {
    auto const wrong = [&] {
        return unexpected(Trouble(
            "usage", {FailureKind::invalid, "load takes http://ADDRESS:PORT of IPv4", url}));
    };
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return wrong();
    auto const rest = std::string_view(url).substr(scheme.size());
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos)
        return wrong();
    LoadTarget target{std::string(rest.substr(0, colon)), 0};
    if (target.address == "localhost")
        target.address = "127.0.0.1";
    auto const* const end = rest.data() + rest.size();
    auto const read = std::from_chars(rest.data() + colon + 1, end, target.port);
    if (read.ec != std::errc{} || (read.ptr != end && *read.ptr != '/'))
        return wrong();
    return target;
}

std::string LoadScript::look(Random& dice) const {
    return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
                       looks[dice.below(looks.size())], host, token);
}

std::string LoadScript::order(Random& dice, std::uint64_t number) const {
    return post("/v1/orders", fmt::format("Idempotency-Key: load-{}-{}\r\n", run, number),
                orders[dice.below(orders.size())]);
}

std::string LoadScript::batch(Random& dice, std::uint64_t first, std::size_t count) const {
    std::string body = R"({"orders":[)";
    for (std::size_t n = 0; n < count; ++n) {
        body += fmt::format(R"({}{{"idempotency_key":"load-{}-{}",)", n == 0 ? "" : ",", run,
                            first + n);
        body += std::string_view(orders[dice.below(orders.size())]).substr(1);
    }
    body += "]}";
    return post("/v1/orders/batch", {}, body);
}

std::string LoadScript::post(std::string_view path, std::string_view key_line,
                             std::string_view body) const {
    return fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
                       "Content-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
                       path, host, token, key_line, body.size(), body);
}

Result<LoadScript, Trouble> write_load_script(Remote& remote, LoadTarget const& target,
                                              Random& dice) {
    LoadScript script;
    script.host = fmt::format("{}:{}", target.address, target.port);
    script.token = remote.token();
    script.run = random_word(run_letters);
    KONTOR_TRY(auto const products, remote.list("/v1/products", products_max));
    std::vector<std::string> skus;
    for (auto const& product : products)
        skus.push_back(readable(product.at("sku")));
    if (skus.empty())
        return unexpected(Trouble(
            "unknown_sku", {FailureKind::not_found, "the shop sells nothing", remote.url()}));
    for (auto const& sku : skus)
        script.looks.push_back("/v1/products/" + sku);
    for (std::size_t n = 0; n < baskets; ++n) {
        KONTOR_TRY(auto body, order_for(remote, skus, dice));
        script.orders.push_back(std::move(body));
    }
    return script;
}

} // namespace kontor::programs
