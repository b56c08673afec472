#include "platform/messaging/hosting/queue_journal.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "platform/messaging/hosting/draw.hpp"
#include "platform/messaging/hosting/limits.hpp"
#include "platform/messaging/queues/stored_settings.hpp"
#include "platform/processes/follow.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace kontor::hosting {
namespace {

Unexpected<Failure> too_much_waits() {
    return unexpected(Failure{FailureKind::full, "too much waits for the disk: try again soon"});
}

/// Who is behind facts of queues: whoever asked is named in them, where it matters.
Actor queues_themselves() {
    return {ActorKind::service, InlineText<31>("queues")};
}

/// A stream among those of the open commit, as its index.
std::uint32_t stream_in(ports::Batch& batch, StreamId const& stream) {
    auto const streams = batch.streams(batch.commits().size() - 1);
    auto const found = std::ranges::find(streams, stream, &ports::Batch::Stream::id);
    return found != streams.end() ? static_cast<std::uint32_t>(found - streams.begin())
                                  : batch.add_stream(stream, ports::ExpectedVersion::any());
}

} // namespace

QueueJournal::QueueJournal(ports::EventStore& store, ports::SecretSource& secrets, BatchGoal goal)
    : store_(store), dice_(draw(secrets)), goal_(goal) {}

Result<void> QueueJournal::may_begin() const {
    if (waiting_bytes_ >= waiting_bytes_max || appended_.size() >= appends_unconfirmed_max)
        return too_much_waits();
    if (store_.room() >= ports::Room::last)
        return unexpected(Failure{FailureKind::full, "the disk has no room for anything new"});
    return {};
}

Result<void> QueueJournal::may_receive() const {
    if (waiting_bytes_ >= waiting_bytes_last)
        return too_much_waits();
    return {};
}

void QueueJournal::begin(Instant now) {
    now_ = now;
    is_commit_open_ = false;
    is_one_commit_ = false;
    given_into_ = nullptr;
}

QueueJournal::Waiting& QueueJournal::open_batch(std::size_t more_bytes) {
    // What goes over the goal must have the append alone, or with what little follows from it.
    auto const fits = [&](ports::Batch const& batch) {
        return batch.bytes() + more_bytes < goal_.bytes && batch.event_count() < goal_.events;
    };
    if (!waiting_.empty() && fits(waiting_.back().batch))
        return waiting_.back();
    if (spare_.empty()) {
        waiting_.emplace_back();
    } else {
        waiting_.push_back(std::move(spare_.back()));
        spare_.pop_back();
    }
    latest_ = ports::QueueMark(latest_.value() + 1);
    waiting_.back().mark = latest_;
    is_commit_open_ = false;
    return waiting_.back();
}

void QueueJournal::open_commit(Waiting& waiting) {
    auto const command = CommandId(Id128::mint(now_, dice_));
    waiting.batch.begin_commit(
        {command, command.value(), command.value(), now_, queues_themselves()});
    is_commit_open_ = true;
}

ports::QueueMark QueueJournal::record(Id128 queue, queue::Event const& fact) {
    if (given_into_ != nullptr) {
        if (auto const* const end = std::get_if<queue::MessagesSettled>(&fact))
            given_end_ = {queue, *end};
        put(queue, fact, *given_into_, given_.contents);
        return given_.mark;
    }
    auto const* const sent = std::get_if<queue::MessageSent>(&fact);
    bool const may_split = !is_one_commit_ && (sent != nullptr || !is_commit_open_);
    auto& waiting =
        may_split ? open_batch(sent != nullptr ? sent->body.size() : 0) : waiting_.back();
    if (!is_commit_open_)
        open_commit(waiting);
    auto const before = waiting.batch.bytes();
    put(queue, fact, waiting.batch, waiting.contents);
    waiting_bytes_ += waiting.batch.bytes() - before;
    return waiting.mark;
}

ports::QueueMark QueueJournal::begin_with(std::span<Companion const> companions,
                                          std::size_t bytes) {
    for (auto const& each : companions)
        bytes += each.payload.size();
    auto& waiting = open_batch(bytes);
    open_commit(waiting);
    is_one_commit_ = true;
    auto& batch = waiting.batch;
    for (auto const& [stream, type, payload] : companions) {
        auto const index = stream_in(batch, stream);
        batch.buffer().insert(batch.buffer().end(), payload.begin(), payload.end());
        batch.add_event(index, type);
        batch.set_at_rest(index);
        waiting_bytes_ += payload.size();
    }
    return waiting.mark;
}

void QueueJournal::put(Id128 queue, queue::Event const& fact, ports::Batch& batch,
                       std::vector<KeptContent>& contents) {
    auto const stream = StreamId::of(StreamCategory::queue, queue);
    auto const index = stream_in(batch, stream);
    batch.set_at_rest(index); // who starts reads them from a checkpoint of their own
    auto const type = codec::encode(fact, batch.buffer());
    if (auto const* const sent = std::get_if<queue::MessageSent>(&fact))
        contents.push_back({queue, sent->sequence, batch.event_count()});
    batch.add_event(index, type);
}

Result<std::size_t> QueueJournal::write(HostedQueues& host) {
    std::size_t appends = 0;
    for (;;) {
        std::unique_lock lock(host.lock());
        bool const is_given = given_.mark != ports::QueueMark();
        if (is_given || (writing_.batch.empty() && !take_next()))
            break;
        lock.unlock(); // others decide meanwhile, into the next batch
        auto const appended = store_.append(writing_.batch);
        if (!appended && appended.error().kind == FailureKind::full)
            break;
        if (!appended)
            return unexpected(appended.error());
        lock.lock();
        note_appended(*appended);
        ++appends;
    }
    note_durable(host);
    return appends;
}

Result<void> QueueJournal::append_all() {
    while (!writing_.batch.empty() || take_next()) {
        KONTOR_TRY(auto const appended, store_.append(writing_.batch));
        note_appended(appended);
    }
    return {};
}

Result<void> QueueJournal::begin_in(ports::Batch& batch, Instant now) {
    KONTOR_ASSERT(!batch.empty(), "facts of queues go into an open commit");
    KONTOR_ASSERT(given_.mark == ports::QueueMark(),
                  "what was given before is appended before more is given");
    KONTOR_TRY(append_all()); // what was decided before stands before
    begin(now);
    latest_ = ports::QueueMark(latest_.value() + 1);
    given_.mark = latest_;
    given_into_ = &batch;
    given_commit_ = batch.commits().size() - 1;
    return {};
}

Result<void> QueueJournal::give_again(HostedQueues& host, ports::Batch& batch,
                                      GivenEnd const& end) {
    std::scoped_lock const lock(host.lock());
    KONTOR_TRY(begin_in(batch, end.fact.at));
    record(end.queue, end.fact);
    begin(end.fact.at);
    return {};
}

bool QueueJournal::note_given(HostedQueues& host, ports::Batch const& batch,
                              ports::Appended const& appended) {
    std::scoped_lock const lock(host.lock());
    if (given_.mark == ports::QueueMark())
        return true;
    auto content = given_.contents.begin();
    std::uint64_t first = 0; ///< of the commit's events, in the batch
    for (std::size_t commit = 0; commit < batch.commits().size(); ++commit) {
        auto const end = first + batch.events(commit).size();
        auto const& outcome = appended.outcomes[commit];
        for (; content != given_.contents.end() && content->position < end; ++content) {
            KONTOR_ASSERT(outcome.accepted, "who settles a message is the only writer of the log");
            content->position = outcome.last.value() - (end - 1 - content->position);
        }
        first = end;
    }
    given_.append = appended.append;
    appended_.push_back(std::exchange(given_, {}));
    return appended.outcomes[given_commit_].accepted;
}

bool QueueJournal::take_next() {
    if (waiting_.empty())
        return false;
    writing_ = std::move(waiting_.front());
    waiting_.pop_front();
    is_commit_open_ = false;
    return true;
}

void QueueJournal::note_appended(ports::Appended const& appended) {
    for (auto const& outcome : appended.outcomes)
        KONTOR_ASSERT(outcome.accepted, "facts of queues expect no version, and were refused");
    auto const first = appended.outcomes.back().last.value() - writing_.batch.event_count() + 1;
    for (auto& content : writing_.contents)
        content.position += first;
    waiting_bytes_ -= writing_.batch.bytes();
    appended_.push_back({writing_.mark, appended.append, std::exchange(writing_.contents, {})});
    writing_.batch.clear();
    if (spare_.size() < spare_batches_max)
        spare_.push_back(std::exchange(writing_, {}));
}

void QueueJournal::note_durable(HostedQueues& host) {
    auto const durable = store_.durable().append;
    std::vector<KeptContent> contents;
    bool has_grown = false;
    {
        std::scoped_lock const lock(host.lock());
        for (; !appended_.empty() && appended_.front().append <= durable; appended_.pop_front()) {
            durable_ = appended_.front().mark;
            has_grown = true;
            auto& these = appended_.front().contents;
            contents.insert(contents.end(), these.begin(), these.end());
        }
    }
    if (!has_grown)
        return;
    host.place(contents);
    host.tell_durable();
}

bool QueueJournal::is_idle(HostedQueues& host) {
    std::scoped_lock const lock(host.lock());
    return waiting_.empty() && appended_.empty() && writing_.batch.empty() &&
           given_.mark == ports::QueueMark();
}

Result<queues::Content> QueueJournal::read_content(std::uint64_t position) {
    KONTOR_TRY(auto const page, store_.read_log(ports::Position(position - 1), ports::Limit(1)));
    auto const wrong = [&](std::string what) {
        return unexpected(
            Failure{FailureKind::corrupt, std::move(what), fmt::format("position {}", position)});
    };
    if (page.events.empty() || page.events.front().position.value() != position)
        return wrong("the log has no message where one was written");
    auto const& event = page.events.front();
    KONTOR_TRY(auto fact, codec::decode<queue::Event>(event.type, event.payload));
    auto* const sent = std::get_if<queue::MessageSent>(&fact);
    if (sent == nullptr)
        return wrong("the log has another fact where a message was written");
    return queues::Content{std::move(sent->body),
                           queues::from_stored(std::move(sent->attributes)),
                           sent->sender,
                           std::move(sent->group_id),
                           std::move(sent->deduplication_id),
                           std::move(sent->trace_header)};
}

Result<void> QueueJournal::recover(HostedQueues& host, QueueCheckpoints* checkpoints) {
    constexpr ports::Limit page_size(1024);
    auto const see = [&](ports::EventPage const&,
                         ports::RecordedEvent const& event) -> Result<void> {
        if (event.stream.category() != StreamCategory::queue)
            return {};
        KONTOR_TRY(auto fact, codec::decode<queue::Event>(event.type, event.payload));
        host.replay(event.stream.id(), std::move(fact), event.position.value());
        return {};
    };
    ports::Position position{};
    if (checkpoints != nullptr) {
        KONTOR_TRY(position, checkpoints->restore(host));
    }
    for (;;) {
        KONTOR_TRY(auto const events, processes::follow(store_, position, page_size, see));
        if (events == 0)
            return {};
    }
}

Result<void> JournaledQueues::settle_in(ports::Batch& batch, ports::TakenMessage const& message) {
    ending_ = message.receipt;
    if (auto const found = overtaken_.find(message.receipt); found != overtaken_.end())
        return journal_.give_again(hosted_, batch, found->second);
    auto const answers =
        give(batch, {message.queue, {{message.receipt, ports::Ending::done, {}}}, {}});
    if (answers && answers->settlements.front())
        return {};
    auto const refused = [](ports::QueueRefusal const& refusal) {
        return unexpected(Failure{refusal.error == ports::QueueError::queue_does_not_exist
                                      ? FailureKind::not_found
                                      : FailureKind::invalid,
                                  refusal.what});
    };
    if (answers)
        return refused(answers->settlements.front().error());
    if (auto const* const refusal = std::get_if<ports::QueueRefusal>(&answers.error()))
        return refused(*refusal);
    return unexpected(std::get<Failure>(answers.error()));
}

void JournaledQueues::appended(ports::Batch const& batch, ports::Appended const& appended) {
    bool const is_accepted = journal_.note_given(hosted_, batch, appended);
    auto const receipt = std::exchange(ending_, std::nullopt);
    if (!receipt)
        return;
    if (is_accepted)
        overtaken_.erase(*receipt);
    else if (overtaken_.contains(*receipt) || overtaken_.size() < overtaken_max)
        overtaken_[*receipt] = journal_.given_end();
}

Result<WorkDone> JournaledQueues::do_work(WorkBudget budget) {
    KONTOR_TRY(auto const moved, hosted_.do_work(budget));
    KONTOR_TRY(auto const appends, journal_.write(hosted_));
    return WorkDone{moved.items + appends};
}

} // namespace kontor::hosting
