#include "adapters/embedded/journal/record.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

enum RecordOffset : std::size_t {
    record_checksum = 0,
    record_length = 8,
    record_commits = 12,
    record_first_position = 16,
    record_recorded_at = 24,
    record_events = 32,
    record_reserved = 36,
};

enum CommitOffset : std::size_t {
    commit_length = 0,
    commit_events = 4,
    commit_events_before = 8,
    commit_streams = 12,
    commit_flags = 14,
    commit_command = 16,
    commit_correlation = 32,
    commit_causation = 48,
    commit_occurred_at = 64,
    commit_actor = 72,
};
constexpr std::uint32_t commit_fixed_bytes = 74; ///< without the actor's id
constexpr std::uint16_t flag_outcome = 1;
constexpr std::uint16_t flag_at_rest = 2;
constexpr std::size_t stream_bytes = 12;
constexpr std::size_t event_bytes = 8;
constexpr std::size_t at_rest_bytes = 2; ///< of their count, and of each stream
constexpr std::size_t name_bytes_max = 2 + StreamId::key_length_max;
constexpr std::size_t outcome_bytes_max = 16 + 4 + name_bytes_max + 8;

Failure no_commit() {
    return {FailureKind::corrupt, "a record holds a commit of no form"};
}

/// Reads forward and remembers whether it ran out.
class Cursor {
public:
    Cursor(Bytes bytes, std::size_t at) : bytes_(bytes), at_(at) {}
    template <class T>
    T number() {
        auto const some = take(sizeof(T));
        return some.empty() ? T{} : get<T>(some.data());
    }
    Bytes take(std::size_t count) {
        if (at_ > bytes_.size() || count > bytes_.size() - at_) {
            is_good_ = false;
            return {};
        }
        auto const some = bytes_.subspan(at_, count);
        at_ += count;
        return some;
    }
    std::size_t at() const { return at_; }
    bool is_good() const { return is_good_; }

private:
    Bytes bytes_;
    std::size_t at_;
    bool is_good_{true};
};

Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

ports::RecordedCommit recorded_commit(Bytes record, std::uint32_t offset) {
    auto const* at = record.data() + offset;
    ports::CommitHeader header{
        CommandId(get_id(at + commit_command)), get_id(at + commit_correlation),
        get_id(at + commit_causation),
        Instant::from_unix_microseconds(get<std::int64_t>(at + commit_occurred_at)),
        Actor{static_cast<ActorKind>(at[commit_actor]),
              decltype(Actor::id)(std::string_view(
                  reinterpret_cast<char const*>(at + commit_fixed_bytes),
                  std::min<std::size_t>(at[commit_actor + 1], decltype(Actor::id)::length_max)))}};
    return {header,
            Instant::from_unix_microseconds(get<std::int64_t>(record.data() + record_recorded_at))};
}

/// Reads where a stream of a commit is named, and steps over the name where it stands right here.
CommitStream next_stream(Cursor& cursor) {
    CommitStream stream{};
    stream.name_at = cursor.number<std::uint32_t>();
    stream.base = cursor.number<std::uint64_t>();
    if (stream.name_at == 0) {
        stream.name_at = static_cast<std::uint32_t>(cursor.at());
        cursor.take(1);
        cursor.take(cursor.number<std::uint8_t>());
    }
    return stream;
}

bool is_name_at(Bytes record, std::uint32_t at, StreamId const& id) {
    auto const key = id.key();
    return record.size() >= at + 2 + key.size() &&
           record[at] == static_cast<std::uint8_t>(id.category()) && record[at + 1] == key.size() &&
           std::memcmp(record.data() + at + 2, key.data(), key.size()) == 0;
}

} // namespace

std::uint64_t record_bytes_max(ports::Batch const& batch) {
    return record_header_bytes + batch.bytes() + batch.event_count() * event_bytes +
           batch.stream_count() * (stream_bytes + name_bytes_max + at_rest_bytes) +
           batch.commits().size() * (commit_fixed_bytes + decltype(Actor::id)::length_max +
                                     outcome_bytes_max + at_rest_bytes);
}

RecordWriter::RecordWriter(std::uint8_t* begin, std::uint64_t append, std::uint64_t first_position)
    : begin_(begin), end_(begin + record_header_bytes), append_(append),
      first_position_(first_position) {}

std::uint32_t RecordWriter::add(ports::Batch const& batch, std::size_t commit,
                                std::span<LiveStream* const> live) {
    auto const& written = batch.commits()[commit];
    auto const& header = written.header;
    auto const events = batch.events(commit);
    auto* const at = end_;
    put(at + commit_events, static_cast<std::uint32_t>(events.size()));
    put(at + commit_events_before, events_);
    put(at + commit_streams, static_cast<std::uint16_t>(live.size()));
    put_id(at + commit_command, header.command_id.value());
    put_id(at + commit_correlation, header.correlation_id);
    put_id(at + commit_causation, header.causation_id);
    put(at + commit_occurred_at, header.occurred_at.unix_microseconds());
    put(at + commit_actor, static_cast<std::uint8_t>(header.actor.kind));
    put(at + commit_actor + 1, static_cast<std::uint8_t>(header.actor.id.view().size()));
    end_ += commit_fixed_bytes;
    append_bytes(as_bytes(header.actor.id.view()));
    add_streams(batch, commit, live);
    for (auto const& event : events) {
        auto const payload = batch.payload(event);
        put(end_, static_cast<std::uint16_t>(event.stream));
        put(end_ + 2, event.type.value());
        put(end_ + 4, static_cast<std::uint32_t>(payload.size()));
        end_ += event_bytes;
        append_bytes(payload);
        ++live[event.stream]->version;
    }
    if (auto const& outcome = written.outcome) {
        append_bytes(outcome->fingerprint);
        append_number(outcome->problem);
        append_number(outcome->status);
        add_name(outcome->stream);
        append_number(outcome->version.value());
    }
    auto const at_rest = add_at_rest(batch.streams(commit));
    put(at + commit_flags, static_cast<std::uint16_t>((written.outcome ? flag_outcome : 0) |
                                                      (at_rest > 0 ? flag_at_rest : 0)));
    put(at + commit_length, static_cast<std::uint32_t>(end_ - at));
    events_ += static_cast<std::uint32_t>(events.size());
    ++commits_;
    return static_cast<std::uint32_t>(at - begin_);
}

std::uint16_t RecordWriter::add_at_rest(std::span<ports::Batch::Stream const> streams) {
    auto const count = static_cast<std::uint16_t>(
        std::ranges::count(streams, true, &ports::Batch::Stream::is_at_rest));
    if (count == 0)
        return 0;
    append_number(count);
    for (std::size_t n = 0; n < streams.size(); ++n)
        if (streams[n].is_at_rest)
            append_number(static_cast<std::uint16_t>(n));
    return count;
}

void RecordWriter::add_streams(ports::Batch const& batch, std::size_t commit,
                               std::span<LiveStream* const> live) {
    auto const streams = batch.streams(commit);
    for (std::size_t n = 0; n < live.size(); ++n) {
        bool const is_named = live[n]->name_append == append_;
        append_number(is_named ? live[n]->name_at : std::uint32_t{0});
        append_number(live[n]->version);
        if (is_named)
            continue;
        live[n]->name_append = append_;
        live[n]->name_at = static_cast<std::uint32_t>(end_ - begin_);
        add_name(streams[n].id);
    }
}

void RecordWriter::add_name(StreamId const& id) {
    append_number(static_cast<std::uint8_t>(id.category()));
    append_number(static_cast<std::uint8_t>(id.key().size()));
    append_bytes(as_bytes(id.key()));
}

std::uint32_t RecordWriter::finish(Instant recorded_at) {
    if (commits_ == 0)
        return 0;
    auto const length = static_cast<std::uint32_t>(end_ - begin_);
    put(begin_ + record_length, length);
    put(begin_ + record_commits, commits_);
    put(begin_ + record_first_position, first_position_);
    put(begin_ + record_recorded_at, recorded_at.unix_microseconds());
    put(begin_ + record_events, events_);
    put(begin_ + record_reserved, std::uint32_t{0});
    put(begin_ + record_checksum, hash64({begin_ + record_length, length - record_length}));
    return length;
}

std::optional<RecordHeader> read_record_header(Bytes bytes) {
    if (bytes.size() < record_header_bytes)
        return std::nullopt;
    auto const* at = bytes.data();
    RecordHeader const header{
        get<std::uint32_t>(at + record_length), get<std::uint32_t>(at + record_commits),
        get<std::uint64_t>(at + record_first_position),
        Instant::from_unix_microseconds(get<std::int64_t>(at + record_recorded_at)),
        get<std::uint32_t>(at + record_events)};
    if (header.length < record_header_bytes || header.length > bytes.size())
        return std::nullopt;
    return header;
}

bool is_record_whole(Bytes bytes, RecordHeader const& header) {
    return get<std::uint64_t>(bytes.data() + record_checksum) ==
           hash64(bytes.subspan(record_length, header.length - record_length));
}

Result<CommitView> CommitView::read(Bytes record, std::uint32_t offset) {
    Cursor cursor(record, offset);
    auto const fixed = cursor.take(commit_fixed_bytes);
    if (fixed.empty())
        return unexpected(no_commit());
    CommitView view;
    view.record_ = record;
    view.offset_ = offset;
    view.length_ = get<std::uint32_t>(fixed.data() + commit_length);
    view.events_ = get<std::uint32_t>(fixed.data() + commit_events);
    view.first_position_ = get<std::uint64_t>(record.data() + record_first_position) +
                           get<std::uint32_t>(fixed.data() + commit_events_before);
    view.flags_ = get<std::uint16_t>(fixed.data() + commit_flags);
    cursor.take(fixed[commit_actor + 1]);
    auto const streams = get<std::uint16_t>(fixed.data() + commit_streams);
    for (std::uint16_t n = 0; n < streams && cursor.is_good(); ++n) {
        view.streams_.push_back(next_stream(cursor));
    }
    view.events_at_ = static_cast<std::uint32_t>(cursor.at());
    if (!cursor.is_good() || view.length_ < commit_fixed_bytes ||
        view.length_ > record.size() - offset)
        return unexpected(no_commit());
    return view;
}

bool CommitView::has_outcome() const {
    return (flags_ & flag_outcome) != 0;
}

CommandId CommitView::command() const {
    return CommandId(get_id(record_.data() + offset_ + commit_command));
}

ports::RecordedCommit CommitView::header() const {
    return recorded_commit(record_, offset_);
}

Result<StreamId> CommitView::name(CommitStream const& stream) const {
    Cursor cursor(record_, stream.name_at);
    auto const category = cursor.number<std::uint8_t>();
    auto const key = cursor.take(cursor.number<std::uint8_t>());
    if (!cursor.is_good())
        return unexpected(no_commit());
    return StreamId::from_stored(category, key).transform_error([](Failure const&) {
        return no_commit();
    });
}

template <class See>
Result<std::uint32_t> CommitView::walk(See const& see) const {
    Cursor cursor(record_.first(offset_ + length_), events_at_);
    for (std::uint32_t n = 0; n < events_; ++n) {
        auto const stream = cursor.number<std::uint16_t>();
        auto const type = cursor.number<std::uint16_t>();
        auto const payload = cursor.take(cursor.number<std::uint32_t>());
        if (!cursor.is_good() || stream >= streams_.size())
            return unexpected(no_commit());
        see(EventAt{stream, EventType(type), payload});
    }
    return static_cast<std::uint32_t>(cursor.at());
}

Result<CommitView::Tallies> CommitView::tallies() const {
    Tallies tallies(streams_.size(), Tally{0, false});
    KONTOR_TRY(auto end, walk([&](EventAt const& event) { ++tallies[event.stream].events; }));
    if ((flags_ & flag_at_rest) == 0)
        return tallies;
    if (has_outcome()) {
        ports::OutcomeRecord outcome{};
        KONTOR_TRY(end, read_outcome(end, outcome));
    }
    Cursor cursor(record_.first(offset_ + length_), end);
    for (auto count = cursor.number<std::uint16_t>(); count > 0; --count) {
        auto const stream = cursor.number<std::uint16_t>();
        if (!cursor.is_good() || stream >= tallies.size())
            return unexpected(no_commit());
        tallies[stream].is_at_rest = true;
    }
    return tallies;
}

Result<ports::OutcomeRecord> CommitView::outcome() const {
    KONTOR_TRY(auto const end, walk([](EventAt const&) {}));
    ports::OutcomeRecord record{};
    KONTOR_TRY(read_outcome(end, record));
    return record;
}

Result<std::uint32_t> CommitView::read_outcome(std::uint32_t at,
                                               ports::OutcomeRecord& record) const {
    Cursor cursor(record_.first(offset_ + length_), at);
    auto const fingerprint = cursor.take(record.fingerprint.size());
    record.problem = cursor.number<std::uint16_t>();
    record.status = cursor.number<std::uint16_t>();
    auto const name_at = static_cast<std::uint32_t>(cursor.at());
    cursor.take(1);
    auto const key_length = cursor.take(cursor.number<std::uint8_t>()).size();
    record.version = ports::StreamVersion(cursor.number<std::uint64_t>());
    if (!cursor.is_good())
        return unexpected(no_commit());
    std::copy(fingerprint.begin(), fingerprint.end(), record.fingerprint.begin());
    if (key_length > 0) {
        KONTOR_TRY(record.stream, name(CommitStream{name_at, 0}));
    }
    return static_cast<std::uint32_t>(cursor.at());
}

Result<void> CommitView::show(ports::EventPage& page, std::uint64_t after,
                              std::size_t limit) const {
    boost::container::small_vector<StreamId, 8> names;
    boost::container::small_vector<std::uint64_t, 8> versions;
    for (auto const& stream : streams_) {
        KONTOR_TRY(auto const id, name(stream));
        names.push_back(id);
        versions.push_back(stream.base);
    }
    auto const commit = static_cast<std::uint32_t>(page.commits.size());
    page.commits.push_back(header());
    std::uint32_t index = 0;
    KONTOR_TRY([[maybe_unused]] auto const end, walk([&](EventAt const& event) {
                   auto const position = first_position_ + index;
                   auto const version = ++versions[event.stream];
                   if (position > after && page.events.size() < limit)
                       page.events.push_back({ports::Position(position), names[event.stream],
                                              ports::StreamVersion(version), event.type, index,
                                              commit, event.payload});
                   ++index;
               }));
    return {};
}

Result<void> show_stream(ports::EventPage& page, CommitAt const& commit, StreamId const& id,
                         std::uint64_t from, std::size_t limit) {
    auto const& record = commit.record;
    Cursor cursor(record, commit.offset);
    auto const fixed = cursor.take(commit_fixed_bytes);
    if (fixed.empty())
        return unexpected(no_commit());
    cursor.take(fixed[commit_actor + 1]);
    auto const streams = get<std::uint16_t>(fixed.data() + commit_streams);
    auto wanted = streams;
    std::uint64_t version = 0;
    for (std::uint16_t n = 0; n < streams; ++n) {
        auto const stream = next_stream(cursor);
        if (wanted == streams && is_name_at(record, stream.name_at, id)) {
            wanted = n;
            version = stream.base;
        }
    }
    if (!cursor.is_good())
        return unexpected(no_commit());
    if (wanted == streams)
        return unexpected(Failure{FailureKind::corrupt,
                                  "an index names a commit that does not know " + id.to_string()});
    auto const number = static_cast<std::uint32_t>(page.commits.size());
    page.commits.push_back(recorded_commit(record, commit.offset));
    auto const position = get<std::uint64_t>(record.data() + record_first_position) +
                          get<std::uint32_t>(fixed.data() + commit_events_before);
    auto const events = get<std::uint32_t>(fixed.data() + commit_events);
    for (std::uint32_t index = 0; index < events && page.events.size() < limit; ++index) {
        auto const stream = cursor.number<std::uint16_t>();
        auto const type = cursor.number<std::uint16_t>();
        auto const payload = cursor.take(cursor.number<std::uint32_t>());
        if (!cursor.is_good())
            return unexpected(no_commit());
        if (stream == wanted && ++version >= from)
            page.events.push_back({ports::Position(position + index), id,
                                   ports::StreamVersion(version), EventType(type), index, number,
                                   payload});
    }
    return {};
}

std::uint32_t CommitView::alone_bytes_max() const {
    return static_cast<std::uint32_t>(record_header_bytes + length_ +
                                      streams_.size() * name_bytes_max);
}

std::uint32_t CommitView::copy_alone(std::uint8_t* to) const {
    auto const* const from = record_.data();
    auto* const commit = to + record_header_bytes;
    auto* end = commit;
    auto const copy = [&](std::size_t at, std::size_t bytes) {
        std::memcpy(end, from + at, bytes);
        end += bytes;
    };
    copy(offset_, commit_fixed_bytes + from[offset_ + commit_actor + 1]);
    put(commit + commit_events_before, std::uint32_t{0});
    for (auto const& stream : streams_) {
        put(end, std::uint32_t{0});
        put(end + 4, stream.base);
        end += stream_bytes;
        copy(stream.name_at, std::size_t{2} + from[stream.name_at + 1]);
    }
    copy(events_at_, offset_ + length_ - events_at_);
    put(commit + commit_length, static_cast<std::uint32_t>(end - commit));
    auto const length = static_cast<std::uint32_t>(end - to);
    put(to + record_length, length);
    put(to + record_commits, std::uint32_t{1});
    put(to + record_first_position, first_position_);
    put(to + record_recorded_at, get<std::int64_t>(from + record_recorded_at));
    put(to + record_events, events_);
    put(to + record_reserved, std::uint32_t{0});
    put(to + record_checksum, hash64({to + record_length, length - record_length}));
    return length;
}

Result<bool> show_after(ports::EventPage& page, Bytes body, PositionRange range,
                        std::size_t limit) {
    bool has_room = true;
    auto const show_commit = [&,
                              first = range.after + 1](CommitView const& commit) -> Result<void> {
        auto const end = commit.first_position() + commit.event_count();
        if (!has_room || commit.event_count() == 0 || end <= first)
            return {};
        auto const rest = end - std::max(first, commit.first_position());
        has_room = page.events.empty() || page.events.size() + rest <= limit;
        if (!has_room)
            return {};
        auto shown = commit.show(page, first - 1, limit);
        has_room = page.events.size() < limit;
        return shown;
    };
    auto const show_record = [&](Bytes record, RecordHeader const& header,
                                 std::uint32_t) -> Result<void> {
        bool const is_wanted = has_room &&
                               header.first_position + header.events > range.after + 1 &&
                               header.first_position <= range.up_to;
        return is_wanted ? for_each_commit(record, header, show_commit) : Result<void>{};
    };
    KONTOR_TRY(for_each_record(body, show_record));
    return has_room;
}

} // namespace kontor::journal
