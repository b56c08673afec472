#pragma once

/// Somebody from outside at the bus and the topics of a shop, for specs.

#include "platform/messaging/router/router_world.hpp"
#include "platform/messaging/router/wiring.hpp"

namespace kontor::router {

inline std::string arn(std::string const& service, std::string const& name) {
    return "arn:aws:" + service + ":us-east-1:000000000000:" + name;
}

/// A shop whose bus and topics somebody from outside uses, until it crashes.
struct Outside : RouterWorld {
    explicit Outside(RouterOptions wanted = {}) : RouterWorld(std::move(wanted)) { start(); }

    /// What was not yet in the log is gone.
    void start() {
        wiring.reset();
        open();
        wiring.emplace(*router, *queues, clock, Random(++starts), [this](std::size_t turns) {
            return !is_disk_dead && turns < 10 && queues->do_work({100}).has_value();
        });
    }
    void make_queue(std::string const& name) {
        ASSERT_TRUE(queues->admin().create(ports::QueueName(name), ports::QueueKind::standard, {},
                                           ports::QueueOwner::caller));
    }
    void make_rule(std::string const& name, std::string const& pattern, std::string const& target) {
        ASSERT_TRUE(wiring->put_rule({.name = name, .bus = "default", .pattern = pattern}, {}));
        ports::TargetDescription wanted{.id = "t", .arn = target};
        wanted.retry = {3, 60};
        auto const failed = wiring->put_targets("default", name, std::span(&wanted, 1));
        ASSERT_TRUE(failed && failed->empty());
    }
    Heard<std::vector<ports::EntryOutcome>> put(std::string const& detail,
                                                std::string const& source = "app") {
        ports::EventEntry const entry{.source = source, .detail_type = "t", .detail = detail};
        return wiring->put_events(std::span(&entry, 1), ports::EventOrigin::outside);
    }
    ports::MessagingFault fault_of(auto const& heard) {
        EXPECT_FALSE(heard.has_value());
        return heard ? ports::MessagingFault::not_found : heard.error().fault;
    }

    bool is_disk_dead{false};
    std::uint64_t starts{0};
    std::optional<Wiring> wiring;
};

inline std::string const from_app = R"({"source":["app"]})";

} // namespace kontor::router
