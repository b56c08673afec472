#include "platform/messaging/hosting/queue_checkpoints.hpp"

#include "codec/events.hpp"
#include "codec/records.hpp"
#include "platform/messaging/hosting/hosted_queues.hpp"
#include "platform/processes/follow.hpp"

#include <algorithm>
#include <array>
#include <utility>

/// checkpoint := CheckpointHead standing checksum       checksum := byte{8} of all before it

namespace kontor::hosting {

struct CheckpointHead {
    std::string format;
    Id128 lineage;
    std::uint64_t position;
    Id128 command; ///< of the commit that ends there
};
BOOST_DESCRIBE_STRUCT(CheckpointHead, (), (format, lineage, position, command))
static_assert(describes_every_field<CheckpointHead>());

namespace {

/// Another one whenever what follows the head is written otherwise.
constexpr std::string_view format_name = "kontor queues 3";

using Checksum = std::array<std::uint8_t, 8>;

/// Against damage, not against anybody: whoever may write the file may write the log.
Checksum checksum_of(std::span<std::uint8_t const> bytes) {
    auto sum = queues::siphash({0x6b6f6e746f72, 0x717565756573}, bytes);
    Checksum out{};
    for (auto& byte : out) {
        byte = static_cast<std::uint8_t>(sum);
        sum >>= 8;
    }
    return out;
}

class NobodyRecords final : public queues::Recorder {
public:
    ports::QueueMark record(Id128, queue::Event const&) override { KONTOR_UNREACHABLE(); }
};

} // namespace

/// Queues that only fold, and how far.
struct QueueCheckpoints::Making {
    NobodyRecords nobody{};
    queues::Queues queues{nobody, 0};
    ports::Position at{};
    ports::Position until{};
    CommandId command{};
};

QueueCheckpoints::QueueCheckpoints(ports::EventStore& store, Id128 lineage, Keep keep,
                                   std::uint64_t after)
    : store_(store), lineage_(lineage), keep_(std::move(keep)), after_(after) {}

QueueCheckpoints::~QueueCheckpoints() = default;

Result<bool> QueueCheckpoints::is_of_this_log(std::uint64_t position, Id128 command) {
    if (position == 0 || position > store_.durable().position.value())
        return false;
    KONTOR_TRY(auto const page, store_.read_log(ports::Position(position - 1), ports::Limit(1)));
    if (page.events.empty() || page.events.front().position.value() != position)
        return false;
    return page.commit_of(page.events.front()).header.command_id.value() == command;
}

template <class Restore>
Result<ports::Position> QueueCheckpoints::restore_by(Restore const& restore) {
    auto const bytes = keep_.load();
    if (bytes.empty())
        return ports::Position();
    was_refused_ = true;
    constexpr auto sum_size = sizeof(Checksum);
    if (bytes.size() < sum_size)
        return ports::Position();
    auto const content = std::span(bytes).first(bytes.size() - sum_size);
    if (!std::ranges::equal(checksum_of(content), std::span(bytes).last(sum_size)))
        return ports::Position();
    codec::BinaryReader from(content);
    auto const head = codec::take_value<CheckpointHead>(from);
    if (!from.ok() || head.format != format_name || head.lineage != lineage_)
        return ports::Position();
    KONTOR_TRY(auto const fits, is_of_this_log(head.position, head.command));
    if (!fits || !restore(content.last(from.remaining())))
        return ports::Position();
    was_refused_ = false;
    up_to_ = head.position;
    return ports::Position(head.position);
}

Result<ports::Position> QueueCheckpoints::restore(HostedQueues& host) {
    return restore_by([&](std::span<std::uint8_t const> standing) {
        auto restored = host.restore(standing);
        messages_ = restored ? host.messages() : 0;
        return restored;
    });
}

Result<WorkDone> QueueCheckpoints::do_work(WorkBudget budget) {
    if (making_ == nullptr) {
        auto const end = store_.durable().position.value();
        // As many as stand there are written anew, so as many must have come.
        if (end - up_to_ < std::max(after_, messages_))
            return WorkDone{0};
        KONTOR_TRY(begin(end));
    }
    KONTOR_TRY(auto const events, fold_on(budget.items_max));
    if (making_->at >= making_->until)
        KONTOR_TRY(keep_it());
    return WorkDone{events};
}

Result<void> QueueCheckpoints::complete() {
    auto const end = store_.durable().position.value();
    if (end == up_to_)
        return {};
    KONTOR_TRY(begin(end));
    while (making_->at < making_->until)
        KONTOR_TRY(fold_on(checkpoint_page));
    return keep_it();
}

Result<void> QueueCheckpoints::begin(std::uint64_t until) {
    making_ = std::make_unique<Making>();
    making_->until = ports::Position(until);
    KONTOR_TRY(making_->at, restore_by([&](std::span<std::uint8_t const> standing) {
                   return making_->queues.restore(standing);
               }));
    return {};
}

Result<std::size_t> QueueCheckpoints::fold_on(std::size_t events_max) {
    auto const see = [&](ports::EventPage const& page,
                         ports::RecordedEvent const& event) -> Result<void> {
        making_->command = page.commit_of(event).header.command_id;
        if (event.stream.category() != StreamCategory::queue)
            return {};
        KONTOR_TRY(auto fact, codec::decode<queue::Event>(event.type, event.payload));
        making_->queues.apply(event.stream.id(), std::move(fact), {{}, event.position.value()});
        return {};
    };
    ports::Limit const limit(std::clamp<std::size_t>(events_max, 1, checkpoint_page));
    return processes::follow(store_, making_->at, limit, see);
}

Result<void> QueueCheckpoints::keep_it() {
    auto const made = std::exchange(making_, nullptr);
    CheckpointHead const head{std::string(format_name), lineage_, made->at.value(),
                              made->command.value()};
    std::vector<std::uint8_t> bytes;
    codec::append_value(bytes, head);
    auto const standing = made->queues.standing();
    if (standing.size() > checkpoint_bytes_max)
        return unexpected(Failure{FailureKind::full,
                                  "more stands in queues than a checkpoint may hold: a start "
                                  "reads what they did since the one before"});
    bytes.insert(bytes.end(), standing.begin(), standing.end());
    auto const sum = checksum_of(bytes);
    bytes.insert(bytes.end(), sum.begin(), sum.end());
    KONTOR_TRY(keep_.save(bytes));
    up_to_ = made->at.value();
    messages_ = made->queues.messages();
    return {};
}

} // namespace kontor::hosting
