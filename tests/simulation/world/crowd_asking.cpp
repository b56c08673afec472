/// How the crowd asks and takes answers; what it wants stands in crowd.cpp.

#include "tests/simulation/world/crowd.hpp"

#include "base/overloaded.hpp"

#include <fmt/format.h>

namespace kontor::simulation {
namespace {

commands::Fingerprint print_of(std::uint64_t number) {
    commands::Fingerprint print{};
    for (std::size_t i = 0; i < 8; ++i)
        print[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return print;
}

} // namespace

/// What an operator does is noted, as the gateway has it noted.
services::Work Crowd::noted(CommandId command, std::uint64_t number, services::Work work) {
    auto object = fmt::format("/wishes/{}", number);
    judges_.audit.asked(command, object);
    auto plain = std::visit(overloaded{
                                [](services::Audited& audited) { return std::move(audited.work); },
                                [](auto& todo) { return services::PlainWork(std::move(todo)); },
                            },
                            work);
    return services::Audited{std::move(plain),
                             {"wish", std::move(object), "somebody had to", {}, {}}};
}

std::uint64_t Crowd::ask(OrderId order, ActorKind who, services::Work work) {
    auto const number = asked_.size() + 1;
    CommandId const command(Id128(7, number));
    if (who == ActorKind::operator_)
        work = noted(command, number, std::move(work));
    Wish wish{
        {command, order.value(), {}, clock_.now(), {who, {}}, std::move(work), print_of(number)}};
    if (order == OrderId())
        wish.request.correlation_id = wish.request.id.value();
    asked_.push_back(std::move(wish));
    send(number);
    if (chaos_.strikes(Ill::click_again))
        click_again(number);
    return number;
}

void Crowd::click_again(std::uint64_t wish) {
    auto& dice = chaos_.dice(Ill::click_again);
    for (auto more = dice.between(1, 3); more > 0; --more)
        at(clock_.now() + Duration::microseconds(dice.between(0, 3'000'000)),
           [this, wish] { send(wish); });
    if (dice.chance(1, 8))
        at(clock_.now() + Duration::hours(dice.between(1, 100)), [this, wish] { send(wish); });
}

void Crowd::send(std::uint64_t wish) {
    auto request = asked_[wish - 1].request;
    request.now = clock_.now();
    request.ticket = ++tickets_;
    open_[request.ticket] = wish;
    waiting_.push_back(std::make_unique<Request>(std::move(request)));
}

void Crowd::come_in(services::ShopClient& door) {
    door_ = &door;
    waiting_.clear();
    for (auto const& [ticket, wish] : std::exchange(open_, {}))
        send(wish);
}

std::size_t Crowd::do_work() {
    std::size_t done = 0;
    while (auto answer = door_->try_answer()) {
        take(*std::move(answer));
        ++done;
    }
    while (!agenda_.empty() && agenda_.begin()->first <= clock_.now()) {
        auto act = agenda_.extract(agenda_.begin());
        act.mapped()();
        ++done;
    }
    auto const before = waiting_.size();
    door_->submit_waiting(waiting_);
    return done + before - waiting_.size();
}

std::optional<Instant> Crowd::next_due() const {
    return agenda_.empty() ? std::nullopt : std::optional(agenda_.begin()->first);
}

void Crowd::take(services::ShopAnswer answer) {
    auto const found = open_.find(answer.ticket);
    if (found == open_.end()) {
        judges_.verdict.fail("I4", fmt::format("ticket {} is answered twice", answer.ticket));
        return;
    }
    auto const number = found->second;
    auto& wish = asked_[number - 1];
    open_.erase(found);
    std::visit(
        overloaded{
            [&](commands::Accepted const&) { settle(wish, 0, false); },
            [&](commands::Replayed const& same) { settle(wish, same.record.problem, true); },
            [&](commands::KeyReused const&) {
                judges_.verdict.fail("I4", wish.request.id.to_string() +
                                               ": the same wish is called another one");
            },
            [&](commands::VersionDiffers const&) {
                judges_.verdict.fail("I11",
                                     wish.request.id.to_string() + ": no version was expected");
            },
            [&](commands::Quarantined const&) {
                judges_.verdict.fail("I4",
                                     wish.request.id.to_string() + ": nothing is quarantined");
            },
            [&](commands::Tried const&) {
                judges_.verdict.fail("I4", wish.request.id.to_string() + ": it was no trial");
            },
            [&](services::Refusal const& no) { settle(wish, services::Shop::problem(no), false); },
            [&](Failure const&) {
                later(Duration::seconds(1), Duration::seconds(20),
                      [this, number] { send(number); });
            },
        },
        answer.content);
}

void Crowd::settle(Wish& wish, std::uint16_t problem, bool is_replay) {
    auto const name = wish.request.id.to_string();
    if (wish.is_answered && !is_replay)
        judges_.verdict.fail("I4", name + " was decided a second time");
    if (wish.is_answered && wish.problem != problem)
        judges_.verdict.fail(
            "I4", fmt::format("{} was answered {} and then {}", name, wish.problem, problem));
    if (!wish.is_answered && problem == 0) {
        judges_.log.acknowledged(wish.request.id, wish.must_have_facts);
        judges_.audit.acknowledged(wish.request.id);
    }
    if (wish.must_have_facts && problem != 0)
        chaos_.reached("order.refused_at_placing");
    wish.is_answered = true;
    wish.problem = problem;
}

} // namespace kontor::simulation
