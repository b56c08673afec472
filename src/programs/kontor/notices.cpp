#include "programs/kontor/notices.hpp"

#include "base/names.hpp"

#include <fmt/core.h>

namespace kontor::programs {

std::string_view word_of(ports::Durability durability) {
    auto name = enumerator_name(durability);
    if (name.ends_with('_')) // what the language keeps for itself: volatile
        name.remove_suffix(1);
    return name;
}

std::string durability_notice(ports::DiskState const& state) {
    if (state.durability == ports::Durability::durable)
        return {};
    return fmt::format("{} {} when the power fails: keep what must survive on ext4 or XFS; with "
                       "data.require_durable Kontor refuses anything else",
                       state.file_system,
                       state.durability == ports::Durability::volatile_
                           ? "keeps nothing"
                           : "is not known to keep what was synced");
}

std::string_view room_remedy(ports::Room room) {
    switch (room) {
    case ports::Room::ample: return "";
    case ports::Room::scarce:
        return "Make room on this disk soon, or move the data directory to a larger one: with less "
               "than 512 MiB or 5 % free, new orders are refused.";
    case ports::Room::last:
        return "Make room on this disk now: what is under way is finished, and new orders are "
               "refused.";
    case ports::Room::none: return "Make room on this disk now: nothing more can be written.";
    }
    KONTOR_UNREACHABLE();
}

std::vector<std::string> repairs_of(embedded::OpenReport const& report) {
    std::vector<std::string> said;
    if (auto const& cut = report.cut)
        said.push_back(fmt::format("{} bytes behind the last frame do not check ({}): a crash left "
                                   "them torn, or they rotted. They are put aside as {}; look "
                                   "after the disk if nothing crashed.",
                                   cut->bytes, cut->place, cut->kept_as));
    for (auto const& each : report.made_anew)
        said.push_back(fmt::format("{}: it is made anew from the log. Look after the disk.", each));
    return said;
}

std::string room_sentence(ports::Room room, ports::DiskState const& state) {
    auto const gib = static_cast<double>(state.bytes_free) / (1U << 30);
    return fmt::format("The disk has {:.1f} GiB free: room is {}.", gib, enumerator_name(room));
}

} // namespace kontor::programs
