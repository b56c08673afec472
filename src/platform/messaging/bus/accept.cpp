#include "platform/messaging/bus/accept.hpp"

#include "platform/messaging/bus/limits.hpp"
#include "platform/routing/event.hpp"
#include "platform/routing/json_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace kontor::bus {
namespace {

using ports::EntryFault;
using ports::EventEntry;

auto refuse(EntryFault fault, std::string what) {
    return unexpected(ports::EntryRefusal{fault, std::move(what)});
}

auto refuse_parameter(std::string_view name, std::string_view reason) {
    return refuse(EntryFault::invalid_argument,
                  fmt::format("Parameter {} is not valid. Reason: {}", name, reason));
}

auto refuse_call(std::string what) {
    return unexpected(ports::MessagingRefusal{ports::MessagingFault::invalid, std::move(what)});
}

bool is_complete(EventEntry const& entry) {
    return !entry.source.empty() && !entry.detail_type.empty() && !entry.detail.empty();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    routing::append_json_characters(out, text);
    return out + "\"";
}

/// In whole seconds.
std::string shown_time(Instant at) {
    auto const microseconds = at.unix_microseconds();
    return to_string(Instant::from_unix_microseconds(microseconds - microseconds % 1'000'000));
}

std::string envelope_of(EventEntry const& entry, BusEvent const& event, CloudPlace const& place) {
    std::string resources;
    for (auto const& each : entry.resources)
        resources += (resources.empty() ? "" : ",") + quoted(each);
    return fmt::format(
        R"({{"version":"0","id":"{}","detail-type":{},"source":{},"account":"{}","time":"{}",)"
        R"("region":"{}","resources":[{}],"detail":{}}})",
        event.id, quoted(entry.detail_type), quoted(entry.source), place.account,
        shown_time(event.time), place.region, resources, entry.detail);
}

Result<void, ports::EntryRefusal> check_fields(EventEntry const& entry) {
    struct Needed {
        std::string_view name;
        std::string const& text;
    };
    for (auto const& [name, text] :
         {Needed{"Source", entry.source}, Needed{"DetailType", entry.detail_type},
          Needed{"Detail", entry.detail}})
        if (text.empty())
            return refuse_parameter(name, fmt::format("{} is a required argument.", name));
    if (entry.source.size() > source_size_max)
        return refuse_parameter("Source", "it is longer than 256 characters.");
    if (entry.detail_type.size() > detail_type_size_max)
        return refuse_parameter("DetailType", "it is longer than 128 characters.");
    return {};
}

/// Nobody speaks as AWS, and only we as ourselves.
bool may_speak(std::string_view source, ports::EventOrigin origin) {
    bool const is_ours = source == "kontor" || source.starts_with("kontor.");
    return !source.starts_with("aws.") && (!is_ours || origin == ports::EventOrigin::platform);
}

/// Whether a detail is an object alone, so that an envelope around it says nothing else.
bool is_object(std::string_view detail) {
    auto const first = detail.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && detail[first] == '{' &&
           routing::is_json(detail, routing::event_depth_max - 1);
}

Accepted accept_entry(EventEntry const& entry, Acceptance const& acceptance) {
    KONTOR_TRY(check_fields(entry));
    BusEvent event;
    event.bus = bus_name_of(entry.bus, acceptance.place);
    if (!acceptance.has_bus(event.bus))
        return refuse_parameter("EventBusName", fmt::format("there is no bus {}.", event.bus));
    if (!may_speak(entry.source, acceptance.origin))
        return refuse(EntryFault::not_authorized_for_source, "Not authorized for the source.");
    if (!is_object(entry.detail))
        return refuse(EntryFault::malformed_detail, "Detail is malformed.");
    event.id = uuid_of(acceptance.mint());
    event.time = entry.time.value_or(acceptance.now);
    event.ingested = acceptance.now;
    event.envelope = envelope_of(entry, event, acceptance.place);
    if (routing::is_event(event.envelope))
        return event;
    auto const read = routing::FlatEvent::read(event.envelope);
    KONTOR_ASSERT(!read.has_value(), "what cannot be read was read");
    auto const detail_at = event.envelope.size() - 1 - entry.detail.size();
    if (read.error().offset < detail_at && !read.error().is_too_deep)
        return refuse(EntryFault::invalid_argument,
                      fmt::format("the entry cannot be an event: {}.", read.error().what));
    return refuse(EntryFault::malformed_detail,
                  fmt::format("Detail is malformed: {}.", read.error().what));
}

} // namespace

std::string uuid_of(Id128 id) {
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", id.high() >> 32,
                       id.high() >> 16 & 0xFFFF, id.high() & 0xFFFF, id.low() >> 48,
                       id.low() & 0xFFFF'FFFF'FFFF);
}

Result<std::vector<Accepted>, ports::MessagingRefusal>
accept_entries(std::span<EventEntry const> entries, Acceptance const& acceptance) {
    if (entries.empty() || entries.size() > ports::put_entries_max)
        return refuse_call(fmt::format("Entries: 1 to {} are put at once, not {}.",
                                       ports::put_entries_max, entries.size()));
    auto const total =
        std::accumulate(entries.begin(), entries.end(), std::size_t{0},
                        [](std::size_t sum, auto const& each) { return sum + entry_size(each); });
    if (total > ports::put_bytes_max)
        return refuse_call("Total size of the entries in the request is over the limit.");
    if (std::none_of(entries.begin(), entries.end(), is_complete))
        return refuse_call("No entry has Source, DetailType and Detail.");
    std::vector<Accepted> accepted;
    for (auto const& entry : entries)
        accepted.push_back(accept_entry(entry, acceptance));
    return accepted;
}

std::string shown_envelope(BusEvent const& event) {
    if (event.replay.empty())
        return event.envelope;
    return event.envelope.substr(0, event.envelope.size() - 1) + R"(,"replay-name":)" +
           quoted(event.replay) + "}";
}

} // namespace kontor::bus
