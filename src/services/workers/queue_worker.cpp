#include "services/workers/queue_worker.hpp"

#include "base/overloaded.hpp"
#include "base/transient.hpp"
#include "platform/problems/problems.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kontor::services {
namespace {

constexpr std::string_view took_effect =
    "it took effect before with another content: nothing was done";

constexpr std::string_view ends_the_shop =
    "quarantined: the shop ended several times while it handled this";

std::string cause_of(std::uint16_t problem) {
    auto const* const found = problems::find_problem(problem);
    return found == nullptr ? "refused"
                            : problems::code_text(*found) + " " + std::string(found->title);
}

} // namespace

QueueWorker::QueueWorker(Parts parts, QueueJob job) : parts_(parts), job_(std::move(job)) {
    parts_.progress.listen(*this);
}

QueueWorker::~QueueWorker() {
    parts_.progress.forget(*this);
}

void QueueWorker::ring(ports::QueueName const& queue) {
    if (queue == job_.queue)
        has_news_.store(true, std::memory_order_release);
}

Result<WorkDone> QueueWorker::do_work(WorkBudget budget) {
    auto items = take_answers();
    end_messages();
    auto const now = parts_.clock.monotonic();
    for (auto& held : in_hand_)
        if (held.second.stage == Stage::to_ask && held.second.not_before <= now && !ask(held))
            break;
    KONTOR_TRY(auto const received, receive(budget.items_max));
    return WorkDone{items + received};
}

std::optional<Instant> QueueWorker::next_due() {
    auto next = ask_again_at_;
    auto const now = parts_.clock.now();
    auto const since_start = parts_.clock.monotonic();
    for (auto const& [ticket, held] : in_hand_)
        if (held.stage == Stage::to_ask) {
            auto const due = now + (held.not_before - since_start);
            next = std::min(next.value_or(due), due);
        }
    return next;
}

Result<std::size_t> QueueWorker::receive(std::size_t up_to) {
    up_to = std::min({up_to, messages_of_receive_max, messages_in_hand_max - in_hand_.size()});
    bool const is_time = ask_again_at_ && *ask_again_at_ <= parts_.clock.now();
    if (up_to == 0 || (!is_time && !has_news_.exchange(false, std::memory_order_acquire)))
        return std::size_t{0};
    ask_again_at_.reset();
    auto received = parts_.queue.receive(job_.queue, {up_to, {}, {}});
    if (!received) {
        auto const* const failure = std::get_if<Failure>(&received.error());
        if (failure != nullptr && is_damage(failure->kind))
            return unexpected(*failure);
        ask_again_at_ = parts_.clock.now() + message_rest;
        return std::size_t{0};
    }
    // Only who found nothing is told of more.
    has_news_.store(!received->messages.empty(), std::memory_order_release);
    ask_again_at_ = received->ask_again_at;
    for (auto& message : received->messages) {
        auto const held = in_hand_.emplace_hint(in_hand_.end(), ++tickets_,
                                                InHand{.message = std::move(message)});
        ask(*held);
    }
    return received->messages.size();
}

bool QueueWorker::ask(Hand::value_type& entry) {
    auto& [ticket, held] = entry;
    auto asked = request_of(job_, held.message.body, parts_.clock.now());
    if (!asked && is_transient(asked.error().kind)) {
        rest(held);
        return true;
    }
    if (!asked) {
        end(held, ports::Ending::dead, words_of(asked.error()));
        return true;
    }
    if (!*asked) {
        ++counters_.idle;
        end(held, ports::Ending::done);
        return true;
    }
    auto& request = **asked;
    request.ticket = ticket;
    request.message = std::make_shared<ports::TakenMessage const>(
        ports::TakenMessage{job_.queue, held.message.receipt});
    bool const is_taken = parts_.client.try_submit(std::move(request));
    held.stage = is_taken ? Stage::asked : Stage::to_ask;
    return is_taken;
}

std::size_t QueueWorker::take_answers() {
    std::size_t answers = 0;
    for (; auto const answer = parts_.client.try_answer(); ++answers) {
        auto const found = in_hand_.find(answer->ticket);
        KONTOR_ASSERT(found != in_hand_.end(), "the desk answers what nobody asked");
        take(found->second, *answer);
        if (std::holds_alternative<commands::Accepted>(answer->content)) {
            ++counters_.done; // it ended with its effect
            in_hand_.erase(found);
        }
    }
    return answers;
}

void QueueWorker::take(InHand& held, ShopAnswer const& answer) {
    auto const dies = [&](std::string cause) { end(held, ports::Ending::dead, std::move(cause)); };
    std::visit(
        overloaded{
            [](commands::Accepted const&) {},
            [](commands::Tried const&) { KONTOR_UNREACHABLE(); }, // no message asks for a trial
            [&](commands::Replayed const& replayed) {
                if (replayed.record.problem != 0)
                    return dies(cause_of(replayed.record.problem));
                ++counters_.repeated;
                end(held, ports::Ending::done);
            },
            [&](commands::KeyReused const&) { dies(std::string(took_effect)); },
            [&](commands::VersionDiffers const&) { rest(held); },
            [&](commands::Quarantined const&) { dies(std::string(ends_the_shop)); },
            [&](Refusal const& refusal) { dies(cause_of(Shop::problem(refusal))); },
            [&](Failure const& failure) {
                if (is_transient(failure.kind))
                    rest(held);
                else
                    dies(failure.what);
            },
        },
        answer.content);
}

void QueueWorker::end(InHand& held, ports::Ending ending, std::string cause) {
    counters_.dead += ending == ports::Ending::dead ? 1U : 0U;
    held.stage = Stage::to_end;
    held.settlement = {held.message.receipt, ending, std::move(cause)};
}

void QueueWorker::rest(InHand& held) {
    ++counters_.rests;
    held.stage = Stage::to_ask;
    held.not_before = parts_.clock.monotonic() + message_rest;
    ports::Extension const extension{held.message.receipt, message_kept};
    // Refused: it is visible again, and who gets it finds what was done.
    static_cast<void>(parts_.queue.extend(job_.queue, std::span(&extension, 1)));
}

/// What a queue does not take now it takes at the next call, or the message comes again.
void QueueWorker::end_messages() {
    std::vector<ports::Settlement> settlements;
    for (auto const& [ticket, held] : in_hand_)
        if (held.stage == Stage::to_end)
            settlements.push_back(held.settlement);
    if (settlements.empty() || !parts_.queue.settle(job_.queue, settlements))
        return;
    std::erase_if(in_hand_, [](auto const& held) { return held.second.stage == Stage::to_end; });
}

} // namespace kontor::services
