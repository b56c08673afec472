#include "platform/messaging/hosting/hosted_queues.hpp"

#include "platform/messaging/hosting/draw.hpp"
#include "platform/messaging/hosting/limits.hpp"
#include "platform/messaging/queues/limits.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::hosting {
namespace {

constexpr std::size_t key_size = 16;

void check_entries(std::size_t count) {
    KONTOR_ASSERT(count > 0 && count <= ports::queue_entries_max, "{} entries in a call", count);
}

} // namespace

HostedQueues::HostedQueues(Clock& clock, ports::SecretSource& secrets, QueueKeeper* keeper)
    : clock_(clock), secrets_(secrets), keeper_(keeper), dice_(draw(secrets)),
      queues_(*this, static_cast<std::uint32_t>(draw(secrets))) {}

ports::QueueMark HostedQueues::record(Id128 queue, queue::Event const& fact) {
    // What somebody received is there for nobody else; all other facts may bring something.
    if (!std::holds_alternative<queue::MessagesReceived>(fact))
        touch(queue);
    if (auto const* const moved = std::get_if<queue::MessagesMoved>(&fact))
        touch(moved->to);
    return keeper_ != nullptr ? keeper_->record(queue, fact) : ports::QueueMark();
}

void HostedQueues::touch(Id128 queue) {
    if (waited_for_.empty())
        return;
    if (auto const found = waited_for_.find(queue); found != waited_for_.end()) {
        to_ring_.push_back(found->second);
        waited_for_.erase(found);
    }
}

template <class Decide>
auto HostedQueues::decide(Decide const& decide, Permission permission)
    -> Result<typename std::invoke_result_t<Decide, Instant>::value_type, ports::QueueFault> {
    std::vector<ports::QueueName> names;
    std::unique_lock lock(mutex_);
    auto const now = clock_.now();
    if (keeper_ != nullptr) {
        if (permission != nullptr)
            KONTOR_TRY((keeper_->*permission)());
        keeper_->begin(now);
    }
    auto decided = decide(now);
    names.swap(to_ring_);
    lock.unlock();
    if (!names.empty())
        ring(names);
    if (!decided)
        return unexpected(std::move(decided).error());
    return *std::move(decided);
}

Result<ports::QueueAnswers<ports::SentMessage>, ports::QueueFault>
HostedQueues::send(ports::QueueName const& queue, ports::SenderId const& sender,
                   std::span<ports::OutgoingMessage const> messages) {
    check_entries(messages.size());
    return decide([&](Instant now) { return queues_.send(queue, sender, messages, now); });
}

Result<ports::Received, ports::QueueFault>
HostedQueues::receive(ports::QueueName const& queue, ports::ReceiveRequest const& request) {
    check_entries(request.up_to);
    auto decided = decide(
        [&](Instant now) {
            auto out = queues_.receive(queue, request, now);
            if (out && out->messages.empty())
                waited_for_.insert_or_assign(*queues_.id_of(queue), queue);
            return out;
        },
        &QueueKeeper::may_receive);
    if (!decided)
        return std::visit(
            [](auto const& no) -> Result<ports::Received, ports::QueueFault> {
                return unexpected(no);
            },
            decided.error());
    if (auto read = read_contents(*decided); !read)
        return unexpected(std::move(read).error());
    return ports::Received{std::move(decided->messages), decided->mark, decided->ask_again_at};
}

Result<void> HostedQueues::read_contents(queues::HandedOut& out) {
    for (std::size_t i = 0; i < out.messages.size(); ++i) {
        if (out.positions[i] == 0)
            continue;
        KONTOR_TRY(auto const content, keeper_->read_content(out.positions[i]));
        queues::show_content(content, out.messages[i]);
    }
    return {};
}

Result<ports::QueueAnswers<ports::Settled>, ports::QueueFault>
HostedQueues::settle(ports::QueueName const& queue,
                     std::span<ports::Settlement const> settlements) {
    check_entries(settlements.size());
    return decide([&](Instant now) { return queues_.settle(queue, settlements, now); }, not_asked);
}

Result<ports::QueueAnswers<ports::Extended>, ports::QueueFault>
HostedQueues::extend(ports::QueueName const& queue, std::span<ports::Extension const> extensions) {
    check_entries(extensions.size());
    return decide(
        [&](Instant now) {
            auto decided = queues_.extend(queue, extensions, now);
            if (decided)
                touch(*queues_.id_of(queue));
            return decided;
        },
        not_asked);
}

Result<ports::QueueDepth, ports::QueueFault> HostedQueues::depth(ports::QueueName const& queue) {
    return decide([&](Instant now) { return queues_.depth(queue, now); }, not_asked);
}

Result<ports::QueueMark, ports::QueueFault> HostedQueues::create(ports::QueueName const& queue,
                                                                 ports::QueueKind kind,
                                                                 ports::QueueChange const& change,
                                                                 ports::QueueOwner owner) {
    queues::QueueIdentity identity{{}, std::vector<std::uint8_t>(key_size)};
    secrets_.fill(identity.key);
    return decide([&](Instant now) {
        identity.id = Id128::mint(now, dice_);
        ports::QueueDescription wanted{queue, {}, owner, {}, now, now};
        wanted.settings.kind = kind;
        return queues_.create(wanted, change, identity, now);
    });
}

Result<ports::QueueMark, ports::QueueFault> HostedQueues::change(ports::QueueName const& queue,
                                                                 ports::QueueChange const& change,
                                                                 ports::QueueOwner by) {
    return decide([&](Instant now) { return queues_.change(queue, change, by, now); });
}

Result<ports::QueueMark, ports::QueueFault> HostedQueues::remove(ports::QueueName const& queue,
                                                                 ports::QueueOwner by) {
    return decide([&](Instant now) { return queues_.remove(queue, by, now); });
}

Result<ports::QueueMark, ports::QueueFault> HostedQueues::purge(ports::QueueName const& queue) {
    return decide([&](Instant now) { return queues_.purge(queue, now); });
}

Result<ports::QueueMark, ports::QueueFault> HostedQueues::set_flow(ports::QueueName const& queue,
                                                                   ports::QueueFlow flow) {
    return decide([&](Instant now) { return queues_.set_flow(queue, flow, now); });
}

Result<ports::QueueDescription, ports::QueueFault>
HostedQueues::find(ports::QueueName const& queue) {
    return decide([&](Instant) { return queues_.find(queue); }, not_asked);
}

Result<std::vector<ports::QueueName>, ports::QueueFault>
HostedQueues::list(ports::QueueSelection const& selection) {
    return decide([&](Instant) { return queues_.list(selection); }, not_asked);
}

Result<ports::MoveStarted, ports::QueueFault>
HostedQueues::start_move(ports::MoveRequest const& request) {
    return decide([&](Instant now) {
        return queues_.start_move(request, ports::MoveTaskId(Id128::mint(now, dice_)), now);
    });
}

Result<ports::MoveCancelled, ports::QueueFault> HostedQueues::cancel_move(ports::MoveTaskId task) {
    return decide([&](Instant now) { return queues_.cancel_move(task, now); });
}

Result<std::vector<ports::MoveTask>, ports::QueueFault>
HostedQueues::list_moves(ports::QueueName const& source, ports::Limit limit) {
    return decide([&](Instant) { return queues_.list_moves(source, limit); }, not_asked);
}

Result<std::vector<ports::MoveTask>, ports::QueueFault>
HostedQueues::latest_moves(ports::Limit limit) {
    return decide([&](Instant) { return queues_.latest_moves(limit); }, not_asked);
}

Result<ports::Peeked, ports::QueueFault> HostedQueues::peek(ports::QueueName const& queue,
                                                            ports::PeekRequest const& request) {
    check_entries(request.up_to);
    auto looked = decide([&](Instant now) { return queues_.peek(queue, request, now); }, not_asked);
    if (!looked)
        return unexpected(std::move(looked).error());
    auto& [peeked, positions] = *looked;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < positions.size(); ++i) {
        if (positions[i] == 0)
            continue;
        auto const content = keeper_->read_content(positions[i]);
        if (!content)
            return unexpected(content.error());
        bytes += queues::bytes_of(*content);
        if (bytes > queues::peeked_bytes_max && i > 0) {
            peeked.messages.resize(i);
            peeked.has_more = true;
            break;
        }
        queues::show_content(*content, peeked.messages[i].message);
    }
    return std::move(peeked);
}

Result<ports::QueueAnswers<ports::Discarded>, ports::QueueFault>
HostedQueues::discard(ports::QueueName const& queue,
                      std::span<ports::SequenceNumber const> messages) {
    check_entries(messages.size());
    return decide([&](Instant now) { return queues_.discard(queue, messages, now); });
}

Result<ports::Retried, ports::QueueFault> HostedQueues::retry(ports::QueueName const& queue,
                                                              ports::RetryRequest const& request) {
    auto const none = ports::QueueFault(
        ports::QueueRefusal{ports::QueueError::resource_not_found, "There is no such message."});
    if (request.message.value() == 0)
        return unexpected(none);
    // What it says never changes, so it may be read before the lock is taken.
    KONTOR_TRY(auto seen, peek(queue, {ports::SequenceNumber(request.message.value() - 1), 1,
                                       ports::PeekAt::contents}));
    if (seen.messages.empty() || seen.messages[0].message.sequence != request.message)
        return unexpected(none);
    auto& message = seen.messages[0].message;
    queues::Content content{std::move(message.body),
                            std::move(message.attributes),
                            message.sender,
                            std::move(message.group_id),
                            std::move(message.deduplication_id),
                            std::move(message.trace_header)};
    return decide([&](Instant now) -> queues::Decided<ports::Retried> {
        KONTOR_TRY(auto planned, queues_.plan_retry(queue, request, std::move(content), now));
        if (keeper_ != nullptr)
            keeper_->begin_with({}, planned.copy.body.size());
        return queues_.carry_out(std::move(planned));
    });
}

ports::QueueMark HostedQueues::durable() {
    std::scoped_lock const lock(mutex_);
    return keeper_ != nullptr ? keeper_->durable() : ports::QueueMark();
}

void HostedQueues::listen(ports::QueueBell& bell) {
    std::scoped_lock const lock(bells_mutex_);
    KONTOR_ASSERT(bells_.size() < bells_max, "{} bells", bells_.size());
    bells_.push_back(&bell);
}

void HostedQueues::forget(ports::QueueBell& bell) {
    std::scoped_lock const lock(bells_mutex_);
    std::erase(bells_, &bell);
}

void HostedQueues::ring(std::vector<ports::QueueName> const& names) {
    std::scoped_lock const lock(bells_mutex_);
    for (auto* const bell : bells_)
        for (auto const& name : names)
            bell->ring(name);
}

void HostedQueues::tell_durable() {
    std::scoped_lock const lock(bells_mutex_);
    for (auto* const bell : bells_)
        bell->ring_durable();
}

Result<WorkDone> HostedQueues::do_work(WorkBudget budget) {
    auto const moved = decide([&](Instant now) {
        return queues::Decided<std::size_t>(queues_.work_on_moves(now, budget.items_max));
    });
    return WorkDone{moved ? *moved : 0}; // full: the disk is behind, and the tasks wait
}

Result<EffectAnswers, ports::QueueFault> HostedQueues::give(ports::Batch& batch,
                                                            QueueEffects const& effects) {
    KONTOR_ASSERT(keeper_ != nullptr, "queues that nobody keeps have no facts to give");
    std::vector<ports::QueueName> names;
    std::unique_lock lock(mutex_);
    auto const now = clock_.now();
    if (auto begun = keeper_->begin_in(batch, now); !begun)
        return unexpected(std::move(begun).error());
    auto decided = decide_effects(effects, now);
    keeper_->begin(now);
    names.swap(to_ring_);
    lock.unlock();
    if (!names.empty())
        ring(names);
    if (!decided)
        return unexpected(std::move(decided).error());
    return *std::move(decided);
}

Result<ports::QueueMark, ports::QueueFault>
HostedQueues::send_with(std::span<Companion const> companions, std::size_t bytes,
                        std::function<void(SendOne const&)> const& sending) {
    KONTOR_ASSERT(keeper_ != nullptr, "queues that nobody keeps have no commits");
    return decide([&](Instant now) {
        auto const mark = keeper_->begin_with(companions, bytes);
        sending([&](ports::QueueName const& queue, ports::SenderId const& sender,
                    ports::OutgoingMessage const& message)
                    -> Result<ports::SentMessage, ports::QueueRefusal> {
            KONTOR_TRY(auto sent, queues_.send(queue, sender, std::span(&message, 1), now));
            return std::move(sent.entries.front());
        });
        return queues::Decided<ports::QueueMark>(mark);
    });
}

queues::Decided<EffectAnswers> HostedQueues::decide_effects(QueueEffects const& effects,
                                                            Instant now) {
    for (auto const& sending : effects.sends)
        KONTOR_TRY(queues_.find(sending.queue)); // before anything is decided
    EffectAnswers answers;
    if (!effects.settlements.empty()) {
        KONTOR_TRY(auto settled, queues_.settle(effects.settled_in, effects.settlements, now));
        answers.settlements = std::move(settled.entries);
        answers.mark = settled.mark;
    }
    for (auto const& [queue, sender, messages] : effects.sends) {
        KONTOR_TRY(auto sent, queues_.send(queue, sender, messages, now));
        answers.mark = std::max(answers.mark, sent.mark);
        answers.sends.push_back(std::move(sent));
    }
    return answers;
}

Result<void> HostedQueues::restore(std::span<std::uint8_t const> standing) {
    std::scoped_lock const lock(mutex_);
    return queues_.restore(standing);
}

std::uint64_t HostedQueues::messages() {
    std::scoped_lock const lock(mutex_);
    return queues_.messages();
}

std::vector<std::uint8_t> HostedQueues::standing() {
    std::scoped_lock const lock(mutex_);
    return queues_.standing();
}

void HostedQueues::replay(Id128 queue, queue::Event fact, std::uint64_t position) {
    std::scoped_lock const lock(mutex_);
    queues_.apply(queue, std::move(fact), {ports::QueueMark(), position});
}

void HostedQueues::place(std::span<KeptContent const> contents) {
    std::scoped_lock const lock(mutex_);
    for (auto const& content : contents)
        queues_.place(content.queue, content.number, content.position,
                      queues_.kept_bytes() <= recent_content_bytes_max);
}

std::vector<queues::ShownFigures> HostedQueues::figures(std::size_t shown_max) {
    std::scoped_lock const lock(mutex_);
    return queues_.figures(shown_max, clock_.now());
}

bool HostedQueues::is_whole() {
    std::scoped_lock const lock(mutex_);
    return queues_.is_whole();
}

} // namespace kontor::hosting
