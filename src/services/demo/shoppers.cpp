#include "services/demo/shoppers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace kontor::services::demo {
namespace {

/// Visits at one time; at the limit nobody comes in.
constexpr std::size_t visits_max = 2'048;

/// How often somebody looks whether the parcel has come, and how often a call is repeated.
constexpr int watches_max = 60;
constexpr int repeats_max = 5;

constexpr bool is_success(std::uint16_t status) {
    return status >= 200 && status < 300;
}
constexpr bool may_be_repeated(std::uint16_t status) {
    return status == 0 || status == 429 || status == 503;
}

/// The member at a path of names; empty: there is none.
std::optional<codec::JsonNode> at(codec::JsonNode node, std::initializer_list<char const*> path) {
    for (auto const* const name : path) {
        std::optional<codec::JsonNode> found;
        if (node.kind() == codec::JsonKind::object)
            node.each_member([&](std::string_view key, codec::JsonNode value) {
                if (key == name)
                    found = value;
                return !found;
            });
        if (!found)
            return std::nullopt;
        node = *found;
    }
    return node;
}

std::string text_at(codec::JsonNode const& node, std::initializer_list<char const*> path) {
    auto const found = at(node, path);
    return found && found->kind() == codec::JsonKind::text ? std::string(found->text()) : "";
}

std::int64_t number_at(codec::JsonNode const& node, std::initializer_list<char const*> path) {
    auto const found = at(node, path);
    return found ? found->signed_number().value_or(0) : 0;
}

} // namespace

Shoppers::Shoppers(Random const& seed, ShopperOptions options)
    : dice_(seed.fork("shoppers")), options_(options), products_(demo_products(seed)),
      customers_(demo_customers(seed)), run_(dice_.next()), opening_left_(options.opening_orders) {}

bool Shoppers::may_arrive() const {
    if (visits_.size() >= visits_max)
        return false;
    if (!options_.orders_max)
        return true;
    auto const about_to_buy = std::ranges::count_if(visits_, [](auto const& entry) {
        return entry.second.mind != Mind::only_looks && entry.second.step <= Step::place;
    });
    return counts_.placed + static_cast<std::uint64_t>(about_to_buy) < *options_.orders_max;
}

void Shoppers::arrive(Duration now) {
    Visit visit;
    visit.due = now;
    visit.is_hurried = opening_left_ > 0;
    opening_left_ -= visit.is_hurried ? 1 : 0;
    visit.customer = dice_.below(customers_.size());
    auto const mind = dice_.below(100);
    visit.mind = mind < 12   ? Mind::only_looks
                 : mind < 18 ? Mind::cancels
                 : mind < 22 ? Mind::cancels_a_line
                 : mind < 30 ? Mind::sends_back
                             : Mind::keeps;
    auto const lines = static_cast<std::size_t>(dice_.between(1, 4));
    while (visit.basket.size() < lines) {
        auto const product = dice_.below(products_.size());
        if (std::ranges::find(visit.basket, product,
                              &std::pair<std::size_t, std::int64_t>::first) == visit.basket.end())
            visit.basket.emplace_back(product, dice_.between(1, 3));
    }
    auto const card = dice_.below(100);
    visit.token = card < 5 ? "tok_decline" : card < 6 ? "tok_timeout" : "tok_approve";
    ++counts_.visits;
    visits_.emplace(counts_.visits, std::move(visit));
}

void Shoppers::advance(Duration now, std::vector<ShopperCall>& calls) {
    while (opening_left_ > 0 && may_arrive())
        arrive(now);
    if (!next_arrival_)
        next_arrival_ = now;
    while (*next_arrival_ <= now) {
        if (may_arrive())
            arrive(now);
        auto const mean = std::max<std::int64_t>(options_.between_orders.in_microseconds(), 1);
        next_arrival_ = *next_arrival_ + Duration::microseconds(dice_.between(
                                             1, std::max<std::int64_t>(2 * mean * 88 / 100, 1)));
    }
    for (auto& [number, visit] : visits_) {
        if (visit.is_open || visit.due > now)
            continue;
        visit.is_open = true;
        ++counts_.calls;
        calls.push_back(call_of(number, visit));
    }
}

std::string Shoppers::lines_of(Visit const& visit) const {
    std::string lines;
    for (auto const& [product, units] : visit.basket)
        lines += fmt::format(R"({}{{"sku":"{}","quantity":{}}})", lines.empty() ? "" : ",",
                             products_[product].sku.view(), units);
    return lines;
}

std::string Shoppers::order_body(Visit const& visit) const {
    auto const& buyer = customers_[visit.customer];
    return fmt::format(
        R"({{"lines":[{}],"currency":"GBP","shipping_method":"{}",)"
        R"("ship_to":{{"name":"{}","lines":["{}"],"city":"{}","postcode":"{}","country":"{}"}},)"
        R"("contact":{{"email":"{}"}},"payment":{{"method":"card","token":"{}"}},)"
        R"("expected_total":{{"amount":{},"currency":"GBP"}},"customer_id":"{}"}})",
        lines_of(visit), visit.shipping, buyer.name, buyer.street, buyer.city, buyer.postcode,
        buyer.country.view(), buyer.email, visit.token, visit.total, buyer.id.to_string());
}

ShopperCall Shoppers::call_of(std::uint64_t number, Visit const& visit) const {
    auto const key = [&](std::string_view step) {
        return fmt::format("demo-{:016x}-{}-{}", run_, number, step);
    };
    auto const order = "/v1/orders/" + visit.order;
    auto const& first = visit.basket.front();
    switch (visit.step) {
    case Step::browse: return {number, "GET", "/v1/products?limit=20"};
    case Step::look:
        return {number, "GET", fmt::format("/v1/products/{}", products_[first.first].sku.view())};
    case Step::quote:
        return {number, "POST", "/v1/quotes",
                fmt::format(R"({{"lines":[{}],"currency":"GBP","country":"{}"}})", lines_of(visit),
                            customers_[visit.customer].country.view())};
    case Step::place: return {number, "POST", "/v1/orders", order_body(visit), key("place")};
    case Step::pay_again:
        return {number, "POST", order + "/payments", R"({"method":"card","token":"tok_approve"})",
                key("pay")};
    case Step::cancel:
        return {number, "POST", order + "/cancel", R"({"reason":"changed my mind"})",
                key("cancel")};
    case Step::cancel_line:
        return {number, "POST", order + "/cancel",
                R"({"reason":"one of them is enough","lines":[{"line":1,"quantity":1}]})",
                key("cancel-line")};
    case Step::watch: return {number, "GET", order};
    case Step::send_back:
        return {number, "POST", order + "/returns",
                R"({"lines":[{"line":1,"quantity":1}],"reason":"not what I hoped for"})",
                key("return")};
    case Step::unpack:
        return {number, "POST", fmt::format("{}/returns/{}/receive", order, visit.return_id),
                R"({"lines":[{"line":1,"quantity":1,"condition":"restock"}]})", key("unpack")};
    }
    KONTOR_UNREACHABLE();
}

void Shoppers::answered(ShopperAnswer const& answer, Duration now) {
    auto const found = visits_.find(answer.visit);
    if (found == visits_.end())
        return;
    auto& visit = found->second;
    visit.is_open = false;
    if (may_be_repeated(answer.status) && visit.tries < repeats_max) {
        ++visit.tries;
        visit.due = now + Duration::milliseconds(500 * visit.tries);
        return;
    }
    counts_.refused += answer.status >= 400 && answer.status < 500 ? 1 : 0;
    counts_.failed += answer.status == 0 || answer.status >= 500 ? 1 : 0;
    bool const watches = visit.step == Step::watch;
    auto const next = next_step(visit, answer);
    if (!next) {
        visits_.erase(found);
        return;
    }
    visit.tries = watches && *next == Step::watch ? visit.tries + 1 : 0;
    visit.step = *next;
    visit.due = now + pause_before(visit, *next);
}

std::optional<Shoppers::Step> Shoppers::next_step(Visit& visit, ShopperAnswer const& answer) {
    if (!is_success(answer.status))
        return std::nullopt;
    auto const parsed = document_.parse(answer.body);
    if (!parsed)
        return std::nullopt;
    switch (visit.step) {
    case Step::browse: return Step::look;
    case Step::look: return Step::quote;
    case Step::quote: return after_quote(visit, *parsed);
    case Step::place: return after_placing(visit, *parsed);
    case Step::pay_again: return std::nullopt;
    case Step::cancel:
    case Step::cancel_line: ++counts_.cancelled; return std::nullopt;
    case Step::watch: return after_watching(visit, *parsed);
    case Step::send_back:
        ++counts_.returned;
        visit.return_id = text_at(*parsed, {"id"});
        return visit.return_id.starts_with("ret_") ? std::optional(Step::unpack) : std::nullopt;
    case Step::unpack: return std::nullopt;
    }
    KONTOR_UNREACHABLE();
}

std::optional<Shoppers::Step> Shoppers::after_quote(Visit& visit, codec::JsonNode const& body) {
    visit.total = fmt::format("{}", number_at(body, {"total", "amount"}));
    visit.shipping = text_at(body, {"shipping_method"});
    if (visit.shipping.empty())
        visit.shipping = "standard";
    return visit.mind == Mind::only_looks ? std::nullopt : std::optional(Step::place);
}

std::optional<Shoppers::Step> Shoppers::after_placing(Visit& visit, codec::JsonNode const& body) {
    ++counts_.placed;
    visit.order = text_at(body, {"id"});
    if (visit.token == "tok_decline") {
        ++counts_.declined;
        return dice_.chance(1, 2) ? std::optional(Step::pay_again) : std::nullopt;
    }
    switch (visit.mind) {
    case Mind::only_looks:
    case Mind::keeps: return std::nullopt;
    case Mind::cancels: return Step::cancel;
    case Mind::cancels_a_line: return Step::cancel_line;
    case Mind::sends_back: return Step::watch;
    }
    KONTOR_UNREACHABLE();
}

std::optional<Shoppers::Step> Shoppers::after_watching(Visit& visit, codec::JsonNode const& body) {
    auto const state = text_at(body, {"state"});
    if (state == "completed")
        return Step::send_back;
    bool const is_over = state == "cancelled" || state == "rejected" || state == "expired";
    return is_over || visit.tries >= watches_max ? std::nullopt : std::optional(Step::watch);
}

Duration Shoppers::pause_before(Visit const& visit, Step step) {
    switch (step) {
    case Step::browse:
    case Step::look:
    case Step::quote:
    case Step::place:
        return visit.is_hurried ? Duration() : Duration::milliseconds(dice_.between(100, 1'500));
    case Step::pay_again:
    case Step::cancel:
    case Step::cancel_line: return Duration::milliseconds(dice_.between(1'000, 4'000));
    case Step::watch:
    case Step::send_back:
    case Step::unpack: return Duration::seconds(dice_.between(2, 8));
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::services::demo
