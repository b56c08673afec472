#include "platform/messaging/bus/exchange.hpp"

#include "platform/messaging/bus/limits.hpp"

#include <fmt/format.h>

namespace kontor::bus {

Exchange::Exchange(CloudPlace place, Random random)
    : random_(random), rules_(place),
      archives_(place, *this,
                {[this](std::string_view bus) { return rules_.has_bus(bus); },
                 [this](std::string_view arn) { return rules_.has_rule_arn(arn); }}) {}

void Exchange::adopt(topology::Topology const& topology, Instant now) {
    rules_.adopt(topology, now);
    archives_.adopt(topology, now);
}

Result<std::vector<ports::EntryOutcome>, MessagingRefusal>
Exchange::put(std::span<ports::EventEntry const> entries, ports::EventOrigin origin, Instant now) {
    Acceptance const acceptance{now, rules_.place(), origin,
                                [this](std::string_view bus) { return rules_.has_bus(bus); },
                                [&] { return Id128::mint(now, random_); }};
    KONTOR_TRY(auto accepted, accept_entries(entries, acceptance));
    std::vector<ports::EntryOutcome> outcomes;
    for (auto& each : accepted) {
        if (!each) {
            outcomes.emplace_back(unexpected(std::move(each).error()));
        } else if (log_.size() >= log_events_max) {
            outcomes.emplace_back(
                unexpected(ports::EntryRefusal{ports::EntryFault::throttled, "The log is full."}));
        } else {
            outcomes.emplace_back(each->id);
            log_.push_back(*std::move(each));
        }
    }
    return outcomes;
}

std::size_t Exchange::visit(std::size_t from, std::size_t places_max, Visit const& visit) const {
    auto const to = std::min(log_.size(), from + places_max);
    while (from < to && visit(from, log_[from]))
        ++from;
    return from;
}

std::size_t Exchange::work(Instant now, std::size_t up_to) {
    for (auto& again : archives_.step(now))
        log_.push_back(std::move(again));
    std::size_t count = 0;
    for (; count < up_to && routed_ < log_.size(); ++count) {
        auto const event = log_[routed_++]; // a copy: to forward it the log grows
        route(event, now);
    }
    return count;
}

void Exchange::route(BusEvent const& event, Instant now) {
    auto routed = rules_.route(event);
    for (auto const& [delivery, death] : routed.dead)
        bury(delivery, death);
    for (auto& delivery : routed.deliveries) {
        auto const arn = ports::Arn::parse(delivery.target_arn);
        if (arn && arn->service == "events" && arn->resource.starts_with("event-bus/")) {
            forward(delivery, event);
            continue;
        }
        auto const lane = delivery.lane();
        if (!lanes_.add(lane, lanes::Sequence::free, delivery, now))
            bury(delivery, {DeliveryFault::lane_full,
                            fmt::format("{} deliveries wait for the target", lanes::waiting_max)});
    }
}

void Exchange::forward(Delivery const& delivery, BusEvent const& event) {
    auto forwarded = rules_.forwarded(event, delivery.target_arn);
    if (auto const* const death = std::get_if<Death>(&forwarded))
        return bury(delivery, *death);
    log_.push_back(std::get<BusEvent>(std::move(forwarded)));
}

void Exchange::delivered(Attempt const& attempt) {
    lanes_.end(attempt.number);
}

void Exchange::failed(Attempt const& attempt, DeliveryFault fault, std::string what, Instant now) {
    FailedTry const failed{fault, attempt.tries + 1, now - attempt.first};
    auto const next = after_failure(attempt.parcel.retry, failed, random_);
    if (auto const* const again = std::get_if<TryAgain>(&next))
        return lanes_.again(attempt.number, now + again->after);
    lanes_.end(attempt.number);
    bury(attempt.parcel, {fault, std::move(what), std::get<GiveUp>(next).exhausted, failed.tries});
}

void Exchange::bury(Delivery const& delivery, Death const& death) {
    if (auto letter = dead_letter_of(delivery, death))
        dead_.push_back(*std::move(letter));
    else
        ++lost_;
}

} // namespace kontor::bus
