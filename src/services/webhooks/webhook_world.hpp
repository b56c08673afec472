#pragma once

/// For specs: a shop in memory, who delivers to its webhooks, and receivers that answer as they are
/// told. Everything is called by hand.

#include "services/webhooks/webhook_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "platform/webhooks/signature.hpp"
#include "services/webhooks/cloud_event.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>

namespace kontor::services::hooks {

/// Receivers by their URLs. One that says nothing keeps the call until it is let go.
class Receivers final : public ports::WebhookSender {
public:
    using Says = std::function<std::optional<Result<ports::WebhookAnswer>>()>;

    std::size_t at_once_max() const override { return calls_max; }
    void start(ports::WebhookCall call) override {
        EXPECT_LT(under_way.size(), at_once_max());
        heard[call.url].push_back(call);
        under_way.push_back(std::move(call));
    }
    void collect(std::vector<ports::WebhookEnded>& ended) override {
        std::erase_if(under_way, [&](ports::WebhookCall const& call) {
            auto const found = says.find(call.url);
            auto answer = found == says.end() ? Says() : found->second;
            auto said = answer ? answer() : Result<ports::WebhookAnswer>(ports::WebhookAnswer{204});
            if (said)
                ended.push_back({call.ticket, *std::move(said)});
            return said.has_value();
        });
    }

    void answer(std::string const& url, std::uint16_t status, std::string retry_after = {}) {
        says[url] = [=] { return ports::WebhookAnswer{status, retry_after, "said"}; };
    }
    void say_nothing(std::string const& url) {
        says[url] = [] { return std::nullopt; };
    }
    void break_off(std::string const& url) {
        says[url] = [] {
            return Result<ports::WebhookAnswer>(
                unexpected(Failure{FailureKind::unavailable, "the line is dead"}));
        };
    }

    std::map<std::string, Says> says;
    std::map<std::string, std::vector<ports::WebhookCall>> heard;
    std::vector<ports::WebhookCall> under_way;
};

class WebhookWorld : public ::testing::Test {
protected:
    void SetUp() override { start(); }

    /// Begins anew on the same log, as after a crash.
    void start() {
        runner.reset();
        receivers.under_way.clear();
        desk = std::make_unique<ShopDeskAgent>(store, Shop{{warehouse}});
        customer = &desk->add_client();
        runner = std::make_unique<WebhookRunner>(
            WebhookParts{store, clock, desk->add_client(), receivers, secrets, figures});
        ASSERT_TRUE(runner->recover());
    }

    void submit(Single single) {
        Compound work;
        work.commands.push_back(std::move(single));
        ShopRequest request{CommandId(Id128(1, ++asked)),    Id128(9, 9),    {}, clock.now(),
                            Actor{ActorKind::operator_, {}}, std::move(work)};
        ASSERT_TRUE(customer->try_submit(std::move(request)));
    }
    void ask(Single single) {
        submit(std::move(single));
        settle();
    }
    void work_a_little() {
        ASSERT_TRUE(desk->do_work({1'000}));
        ASSERT_TRUE(runner->do_work({1'000}));
    }
    void settle() {
        for (int i = 0; i < 12; ++i)
            work_a_little();
    }
    void pass(Duration time) {
        clock.pass(time);
        settle();
    }

    static WebhookId hook(std::uint64_t number) { return WebhookId(Id128(5, number)); }
    static std::string url(std::uint64_t number) {
        return "https://hooks.example/" + std::to_string(number);
    }
    void add(std::uint64_t number, std::string pattern = R"({"source":["kontor.stock"]})") {
        ask(On<Webhooks>{hook(number), webhook::Add{{url(number), std::move(pattern), "", true}}});
    }
    /// A public fact, and the position at which it stands.
    std::uint64_t receive_goods(std::int64_t units = 5) {
        ask(On<StockItems>{{warehouse, mug},
                           stock::Receive{mug, warehouse, Quantity::of(units),
                                          "po-" + std::to_string(++deliveries)}});
        return last_of(StreamCategory::stock);
    }
    std::uint64_t last_of(StreamCategory category) {
        std::uint64_t last = 0;
        for_each_event([&](auto const& event) {
            if (event.stream.category() == category)
                last = event.position.value();
        });
        return last;
    }
    template <class See>
    void for_each_event(See see) {
        ports::Position at{};
        for (auto page = store.read_log(at, ports::Limit(1'000)).value(); !page.empty();
             page = store.read_log(at, ports::Limit(1'000)).value())
            for (auto const& event : page.events) {
                see(event);
                at = event.position;
            }
    }
    std::vector<ports::WebhookCall> const& heard(std::uint64_t number) {
        return receivers.heard[url(number)];
    }
    static std::string header(ports::WebhookCall const& call, std::string_view name) {
        for (auto const& [each, value] : call.headers)
            if (each == name)
                return value;
        return {};
    }
    std::vector<std::string> ids(std::uint64_t number) {
        std::vector<std::string> all;
        for (auto const& call : heard(number))
            all.push_back(header(call, "webhook-id"));
        return all;
    }
    /// All tries that pages have.
    std::vector<Try> kept_tries() {
        std::vector<Try> all;
        for_each_event([&](ports::RecordedEvent const& event) {
            if (event.stream.category() != StreamCategory::webhook_book)
                return;
            auto const fact = codec::decode<webhook_book::Event>(event.type, event.payload).value();
            auto const& tries = std::get<webhook_book::PageKept>(fact).tries;
            all.insert(all.end(), tries.begin(), tries.end());
        });
        return all;
    }
    webhook::State const& state(std::uint64_t number) {
        return desk->desk().state<Webhooks>(hook(number));
    }
    bool is_enabled(std::uint64_t number) {
        return std::get<webhook::Standing>(state(number)).settings.enabled;
    }

    Location const warehouse = Location::parse("main").value();
    Sku const mug = Sku::parse("MUG").value();
    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    webhooks::SecretMaker secrets{std::string(32, 'k')};
    Figures figures;
    Receivers receivers;
    std::unique_ptr<ShopDeskAgent> desk;
    std::unique_ptr<WebhookRunner> runner;
    ShopClient* customer{nullptr};
    std::uint64_t asked{0};
    int deliveries{0};
};

} // namespace kontor::services::hooks
