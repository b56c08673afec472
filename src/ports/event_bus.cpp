#include "ports/event_bus.hpp"

#include "ports/event_archive.hpp"

#include <numeric>

namespace kontor::ports {

std::string bus_name_of(std::string_view name_or_arn, CloudPlace const& place) {
    constexpr std::string_view kind = "event-bus/";
    if (name_or_arn.empty())
        return std::string(default_bus);
    auto const arn = Arn::parse(name_or_arn);
    if (!arn || arn->service != "events" || arn->place != place || !arn->resource.starts_with(kind))
        return std::string(name_or_arn);
    return arn->resource.substr(kind.size());
}

std::string rule_arn(CloudPlace const& place, std::string_view bus, std::string_view rule) {
    auto const above = bus == default_bus ? std::string() : std::string(bus) + "/";
    return Arn{"events", place, "rule/" + above + std::string(rule)}.to_string();
}

std::string_view error_code(EntryFault fault) {
    switch (fault) {
    case EntryFault::internal_failure: return "InternalFailure";
    case EntryFault::throttled: return "ThrottlingException";
    case EntryFault::invalid_argument: return "InvalidArgument";
    case EntryFault::malformed_detail: return "MalformedDetail";
    case EntryFault::access_denied: return "AccessDeniedException";
    case EntryFault::not_authorized_for_source: return "NotAuthorizedForSourceException";
    }
    KONTOR_UNREACHABLE();
}

bool may_be_repeated(EntryFault fault) {
    return fault == EntryFault::internal_failure || fault == EntryFault::throttled;
}

std::size_t entry_size(EventEntry const& entry) {
    constexpr std::size_t size_of_time = 14;
    auto const texts = entry.source.size() + entry.detail_type.size() + entry.detail.size();
    return std::accumulate(
        entry.resources.begin(), entry.resources.end(), texts + (entry.time ? size_of_time : 0),
        [](std::size_t sum, auto const& resource) { return sum + resource.size(); });
}

std::string_view name(ReplayState state) {
    switch (state) {
    case ReplayState::starting: return "STARTING";
    case ReplayState::running: return "RUNNING";
    case ReplayState::cancelling: return "CANCELLING";
    case ReplayState::completed: return "COMPLETED";
    case ReplayState::cancelled: return "CANCELLED";
    case ReplayState::failed: return "FAILED";
    }
    KONTOR_UNREACHABLE();
}

std::string_view name(ArchiveState state) {
    switch (state) {
    case ArchiveState::enabled: return "ENABLED";
    case ArchiveState::disabled: return "DISABLED";
    case ArchiveState::creating: return "CREATING";
    case ArchiveState::updating: return "UPDATING";
    case ArchiveState::create_failed: return "CREATE_FAILED";
    case ArchiveState::update_failed: return "UPDATE_FAILED";
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::ports
