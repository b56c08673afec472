#include "ports/queue.hpp"

namespace kontor::ports {

bool is_conserved(QueueDepth const& depth) {
    return depth.sent == depth.settled + depth.in_flight + depth.delayed + depth.waiting +
                             depth.dead + depth.expired + depth.purged;
}

std::string uuid_text(Id128 id) {
    auto const digits = fmt::format("{:016x}{:016x}", id.high(), id.low());
    std::string_view const view = digits;
    return fmt::format("{}-{}-{}-{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(12, 4),
                       view.substr(16, 4), view.substr(20));
}

} // namespace kontor::ports
