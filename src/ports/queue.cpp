#include "ports/queue.hpp"

namespace kontor::ports {

bool is_conserved(QueueDepth const& depth) {
    return depth.sent == depth.settled + depth.in_flight + depth.delayed + depth.waiting +
                             depth.dead + depth.expired + depth.purged;
}

} // namespace kontor::ports
