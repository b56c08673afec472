#include "platform/messaging/bus/archives.hpp"

#include "platform/messaging/bus/limits.hpp"
#include "platform/messaging/bus/refusals.hpp"

#include <fmt/format.h>

namespace kontor::bus {
namespace {

using ports::ArchiveDescription;
using ports::MessagingFault;
using ports::ReplayDescription;
using ports::ReplayState;

constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t microseconds_of_hour = 3'600'000'000;

/// A name out of an ARN of that kind here; what is no such ARN is a name.
std::string name_in(std::string_view text, std::string_view kind, CloudPlace const& place) {
    auto const arn = ports::Arn::parse(text);
    if (!arn || arn->service != "events" || arn->place != place || !arn->resource.starts_with(kind))
        return std::string(text);
    return arn->resource.substr(kind.size());
}

bool has_ended(ReplayState state) {
    return state == ReplayState::completed || state == ReplayState::cancelled ||
           state == ReplayState::failed;
}

Answer<std::shared_ptr<routing::SinglePattern>> pattern_of(std::string const& text) {
    if (text.empty())
        return std::shared_ptr<routing::SinglePattern>();
    auto pattern = routing::SinglePattern::of(text);
    if (!pattern)
        return refuse_pattern(pattern.error());
    return *std::move(pattern);
}

bool may_meet(std::shared_ptr<routing::SinglePattern> const& pattern, std::string_view envelope) {
    return pattern == nullptr || pattern->may_meet(envelope);
}

} // namespace

Archives::Archives(CloudPlace place, EventHistory const& log, BusNames names)
    : place_(std::move(place)), log_(log), names_(std::move(names)) {}

void Archives::adopt(topology::Topology const& topology, Instant now) {
    ArchiveDescription wanted;
    wanted.name = topology.archive;
    wanted.bus_arn =
        ports::Arn{"events", place_, "event-bus/" + std::string(topology.bus)}.to_string();
    auto const made = create(wanted, now);
    KONTOR_ASSERT(made.has_value(), "archive {}: {}", topology.archive, made.error().what);
    archives_.at(wanted.name).is_of_topology = true;
}

Answer<Archives::Archive*> Archives::find(std::string_view archive) {
    auto const found = archives_.find(name_in(archive, "archive/", place_));
    if (found == archives_.end())
        return refuse(MessagingFault::not_found,
                      fmt::format("Archive {} does not exist.", archive));
    return &found->second;
}

Answer<Archives::Archive const*> Archives::find(std::string_view archive) const {
    KONTOR_TRY(auto* const found, const_cast<Archives*>(this)->find(archive));
    return found;
}

Answer<Archives::Replay const*> Archives::find_replay(std::string_view replay) const {
    KONTOR_TRY(auto* const found, const_cast<Archives*>(this)->find_replay(replay));
    return found;
}

Archives::Replay& Archives::replay_at(std::string_view replay) {
    auto const found = replays_.find(std::string(replay));
    KONTOR_ASSERT(found != replays_.end(), "there is no replay {}", replay);
    return found->second;
}

Archives::Replay const& Archives::replay_at(std::string_view replay) const {
    return const_cast<Archives*>(this)->replay_at(replay);
}

Answer<Archives::Replay*> Archives::find_replay(std::string_view replay) {
    auto const found = replays_.find(name_in(replay, "replay/", place_));
    if (found == replays_.end())
        return refuse(MessagingFault::not_found, fmt::format("Replay {} does not exist.", replay));
    return &found->second;
}

Answer<ArchiveDescription> Archives::create(ArchiveDescription const& wanted, Instant now) {
    if (!is_name(wanted.name, archive_name_size_max))
        return refuse(MessagingFault::invalid,
                      fmt::format("`{}` is no archive name.", wanted.name));
    if (wanted.description.size() > description_size_max)
        return refuse(MessagingFault::invalid, "Description has at most 512 characters.");
    auto const bus = bus_name_of(wanted.bus_arn, place_);
    if (!names_.has_bus(bus))
        return refuse(MessagingFault::not_found, fmt::format("Event bus {} does not exist.", bus));
    if (archives_.contains(wanted.name))
        return refuse(MessagingFault::already_exists,
                      fmt::format("Archive {} already exists.", wanted.name));
    if (archives_.size() >= archives_max)
        return refuse(MessagingFault::limit_exceeded,
                      fmt::format("There are at most {} archives.", archives_max));
    KONTOR_TRY(auto wants, pattern_of(wanted.pattern));
    Archive archive{.description = wanted, .bus = bus, .since = log_.size()};
    archive.wants = std::move(wants);
    archive.counted_to = archive.since;
    archive.description.bus_arn = ports::Arn{"events", place_, "event-bus/" + bus}.to_string();
    archive.description.arn = ports::Arn{"events", place_, "archive/" + wanted.name}.to_string();
    archive.description.state = ports::ArchiveState::enabled;
    archive.description.created = now;
    auto& added = archives_.emplace(wanted.name, std::move(archive)).first->second;
    return added.description;
}

/// Whether an event of the log is one of an archive's, however old it is.
bool Archives::wants(Archive const& archive, BusEvent const& event) {
    return event.bus == archive.bus && event.replay.empty() &&
           may_meet(archive.wants, event.envelope);
}

void Archives::count_on(Archive const& archive) const {
    archive.counted_to = log_.visit(
        archive.counted_to, archive_looks_of_call_max, [&](std::size_t, BusEvent const& event) {
            if (!wants(archive, event))
                return true;
            auto& hour = archive.counted[event.ingested.unix_microseconds() / microseconds_of_hour];
            ++hour.events;
            hour.bytes += event.envelope.size();
            return true;
        });
}

/// Of an hour of which some is older than its retention nothing counts.
ArchiveDescription Archives::counted(Archive const& archive, Instant now) const {
    count_on(archive);
    auto description = archive.description;
    auto const days = archive.description.retention_days;
    auto const oldest = (now - Duration::days(days)).unix_microseconds() + microseconds_of_hour - 1;
    auto hour = days > 0 ? archive.counted.lower_bound(oldest / microseconds_of_hour)
                         : archive.counted.begin();
    for (; hour != archive.counted.end(); ++hour) {
        description.events += hour->second.events;
        description.bytes += hour->second.bytes;
    }
    return description;
}

Answer<ArchiveDescription> Archives::describe(std::string_view archive, Instant now) const {
    KONTOR_TRY(auto const* const found, find(archive));
    return counted(*found, now);
}

Answer<ArchiveDescription> Archives::update(ports::ArchiveChange const& change) {
    KONTOR_TRY(auto* const archive, find(change.name));
    if (archive->is_of_topology)
        return refuse(MessagingFault::access_denied,
                      fmt::format("Archive {} belongs to the topology: change it there.",
                                  archive->description.name));
    if (change.description && change.description->size() > description_size_max)
        return refuse(MessagingFault::invalid, "Description has at most 512 characters.");
    auto changed = archive->description;
    changed.description = change.description.value_or(changed.description);
    changed.pattern = change.pattern.value_or(changed.pattern);
    changed.retention_days = change.retention_days.value_or(changed.retention_days);
    KONTOR_TRY(archive->wants, pattern_of(changed.pattern));
    if (changed.pattern != archive->description.pattern) {
        archive->counted.clear();
        archive->counted_to = archive->since;
    }
    archive->description = changed;
    return changed;
}

/// Its replays end, for there is nothing to bring again.
Answer<void> Archives::remove(std::string_view archive, Instant now) {
    KONTOR_TRY(auto* const found, find(archive));
    if (found->is_of_topology)
        return refuse(MessagingFault::access_denied,
                      fmt::format("Archive {} belongs to the topology: change it there.",
                                  found->description.name));
    for (auto& [name, replay] : replays_) {
        if (replay.archive != found->description.name || has_ended(replay.description.state))
            continue;
        if (replay.description.state == ReplayState::cancelling) {
            finish(replay, ReplayState::cancelled, replay.cancelled);
            continue;
        }
        replay.description.reason = "The archive was deleted.";
        finish(replay, ReplayState::failed, now);
    }
    archives_.erase(std::string(found->description.name));
    return {};
}

Answer<ports::Page<ArchiveDescription>>
Archives::list(std::string_view bus_arn, ports::PageWish const& page, Instant now) const {
    return page_of<ArchiveDescription>(
        archives_, page, [&](Archive const& archive) -> std::optional<ArchiveDescription> {
            if (!bus_arn.empty() && archive.description.bus_arn != bus_arn)
                return std::nullopt;
            return counted(archive, now);
        });
}

Answer<ReplayDescription> Archives::start(ReplayDescription const& wanted, Instant now) {
    if (!is_name(wanted.name, rule_name_size_max))
        return refuse(MessagingFault::invalid, fmt::format("`{}` is no replay name.", wanted.name));
    KONTOR_TRY(auto const* const archive, find(wanted.archive_arn));
    if (replays_.contains(wanted.name))
        return refuse(MessagingFault::already_exists,
                      fmt::format("Replay {} already exists.", wanted.name));
    if (wanted.bus_arn != archive->description.bus_arn)
        return refuse(MessagingFault::invalid,
                      "Parameter Destination.Arn is not valid. Reason: it must be the bus of the "
                      "archive.");
    if (!names_.has_bus(archive->bus))
        return refuse(MessagingFault::not_found,
                      fmt::format("Event bus {} does not exist.", archive->bus));
    if (wanted.end <= wanted.start)
        return refuse(MessagingFault::invalid,
                      "Parameter EventEndTime is not valid. Reason: EventStartTime must be before "
                      "EventEndTime.");
    for (auto const& arn : wanted.rule_arns)
        if (!names_.has_rule_arn(arn))
            return refuse(MessagingFault::not_found, fmt::format("Rule {} does not exist.", arn));
    auto const running = std::count_if(replays_.begin(), replays_.end(), [](auto const& each) {
        return !has_ended(each.second.description.state);
    });
    if (static_cast<std::size_t>(running) >= replays_running_max)
        return refuse(MessagingFault::limit_exceeded,
                      fmt::format("At most {} replays run at once.", replays_running_max));
    KONTOR_TRY(auto wants, pattern_of(wanted.pattern));
    Replay replay{.description = wanted, .archive = archive->description.name};
    replay.wants = std::move(wants);
    replay.next = archive->since;
    replay.end = log_.size();
    replay.stepped = now;
    replay.description.arn = ports::Arn{"events", place_, "replay/" + wanted.name}.to_string();
    replay.description.archive_arn = archive->description.arn;
    replay.description.state = ReplayState::starting;
    replay.description.started = now;
    replay.number = ++last_replay_;
    forget_old_replays();
    return replays_.emplace(wanted.name, std::move(replay)).first->second.description;
}

void Archives::forget_old_replays() {
    while (replays_.size() >= replays_kept_max) {
        auto oldest = replays_.end();
        for (auto at = replays_.begin(); at != replays_.end(); ++at)
            if (has_ended(at->second.description.state) &&
                (oldest == replays_.end() || at->second.number < oldest->second.number))
                oldest = at;
        replays_.erase(oldest);
    }
}

Answer<ReplayDescription> Archives::describe_replay(std::string_view replay) const {
    KONTOR_TRY(auto const* const found, find_replay(replay));
    return found->description;
}

Answer<ReplayDescription> Archives::cancel(std::string_view replay, Instant now) {
    KONTOR_TRY(auto* const found, find_replay(replay));
    auto& state = found->description.state;
    if (has_ended(state) || state == ReplayState::cancelling)
        return refuse(MessagingFault::illegal_status,
                      fmt::format("Replay {} is {}: it cannot be cancelled.",
                                  found->description.name, ports::name(state)));
    state = ReplayState::cancelling;
    found->cancelled = now;
    return found->description;
}

Answer<ports::Page<ReplayDescription>> Archives::list_replays(std::string_view archive_arn,
                                                              ports::PageWish const& page) const {
    return page_of<ReplayDescription>(
        replays_, page, [&](Replay const& replay) -> std::optional<ReplayDescription> {
            if (!archive_arn.empty() && replay.description.archive_arn != archive_arn)
                return std::nullopt;
            return replay.description;
        });
}

bool Archives::is_busy() const {
    return std::any_of(replays_.begin(), replays_.end(),
                       [](auto const& each) { return !has_ended(each.second.description.state); });
}

void Archives::finish(Replay& replay, ReplayState state, Instant now) {
    replay.description.state = state;
    replay.description.ended = now;
}

std::vector<Archives::Due> Archives::due(Instant now) {
    constexpr auto most = static_cast<std::int64_t>(replay_events_of_step_max) * millionths;
    constexpr auto rate = static_cast<std::int64_t>(replay_events_a_second);
    std::vector<Due> all;
    for (auto& [name, replay] : replays_) {
        auto& state = replay.description.state;
        if (state == ReplayState::cancelling)
            finish(replay, ReplayState::cancelled, replay.cancelled);
        if (has_ended(state))
            continue;
        auto const passed = std::max<std::int64_t>((now - replay.stepped).in_microseconds(), 0);
        replay.allowance = std::min(most, replay.allowance + std::min(passed, most) * rate);
        replay.stepped = now;
        state = ReplayState::running;
        all.push_back({name, replay.next, replay.end, replay.number, replay.after});
    }
    return all;
}

Archives::Wish Archives::asks_for(std::string_view name, BusEvent const& event, Instant now) const {
    auto const found = find_replay(name);
    if (!found || has_ended((*found)->description.state))
        return Wish::no;
    auto const& replay = **found;
    auto const& window = replay.description;
    auto const archive = archives_.find(replay.archive);
    KONTOR_ASSERT(archive != archives_.end(), "the replays of archive {} end with it",
                  replay.archive);
    auto const days = archive->second.description.retention_days;
    bool const is_too_old = days > 0 && event.ingested + Duration::days(days) < now;
    if (event.time < window.start || event.time >= window.end || is_too_old ||
        !wants(archive->second, event) || !may_meet(replay.wants, event.envelope))
        return Wish::no;
    return replay.allowance < millionths ? Wish::later : Wish::yes;
}

BusEvent Archives::again(std::string_view name, BusEvent event) {
    auto& replay = replay_at(name);
    replay.allowance -= millionths;
    replay.description.reached = event.time;
    event.replay = replay.description.name;
    event.rule_arns = replay.description.rule_arns;
    event.hops = 0;
    return event;
}

void Archives::moved(std::string_view name, std::size_t next, std::string after, Instant now) {
    auto const found = find_replay(name);
    if (!found)
        return; // it ended meanwhile, and was forgotten
    auto& replay = **found;
    replay.next = next;
    replay.after = std::move(after);
    if (next >= replay.end && !has_ended(replay.description.state))
        finish(replay, ReplayState::completed, now);
}

std::optional<Instant> Archives::reached(std::string_view replay) const {
    auto const found = find_replay(replay);
    return found ? (*found)->description.reached : std::nullopt;
}

void Archives::set_reached(std::string_view replay, Instant at) {
    replay_at(replay).description.reached = at;
}

std::vector<BusEvent> Archives::step(Instant now) {
    std::vector<BusEvent> all;
    for (auto const& [name, next, end, number, after] : due(now)) {
        auto const looks = std::min(end - next, replay_looks_of_step_max);
        auto const to = log_.visit(next, looks, [&](std::size_t, BusEvent const& event) {
            auto const wish = asks_for(name, event, now);
            if (wish == Wish::yes)
                all.push_back(again(name, event));
            return wish != Wish::later;
        });
        moved(name, to, {}, now);
    }
    return all;
}

Answer<std::string> Archives::bus_arn_of(std::string_view archive) const {
    KONTOR_TRY(auto const* const found, find(archive));
    return found->description.bus_arn;
}

std::size_t Archives::since(std::string_view archive) const {
    auto const found = find(archive);
    KONTOR_ASSERT(found.has_value(), "there is no archive {}", archive);
    return (*found)->since;
}

void Archives::set_since(std::string_view archive, std::size_t place) {
    auto const found = find(archive);
    KONTOR_ASSERT(found.has_value(), "there is no archive {}", archive);
    (*found)->since = place;
    (*found)->counted.clear();
    (*found)->counted_to = place;
}

Archives::Due Archives::walk_of(std::string_view replay) const {
    auto const& found = replay_at(replay);
    return {found.description.name, found.next, found.end, found.number, found.after};
}

void Archives::set_walk(Due const& walk) {
    auto& replay = replay_at(walk.name);
    replay.next = walk.next;
    replay.end = walk.end;
    replay.number = walk.number;
    last_replay_ = std::max(last_replay_, walk.number);
}

} // namespace kontor::bus
