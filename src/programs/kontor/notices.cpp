#include "programs/kontor/notices.hpp"

#include "base/names.hpp"

#include <fmt/core.h>

namespace kontor::programs {

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

std::string room_sentence(ports::Room room, ports::DiskState const& state) {
    auto const gib = static_cast<double>(state.bytes_free) / (1U << 30);
    return fmt::format("The disk has {:.1f} GiB free: room is {}.", gib, enumerator_name(room));
}

} // namespace kontor::programs
