#include "ports/event_store.hpp"

#include <algorithm>

namespace kontor::ports {

bool rests_on_a_refused(Batch const& batch, std::size_t commit,
                        std::span<CommitOutcome const> before) {
    for (std::size_t earlier = 0; earlier < before.size(); ++earlier) {
        if (before[earlier].accepted)
            continue;
        auto const refused = batch.streams(earlier);
        auto const rests = std::ranges::any_of(batch.streams(commit), [&](auto const& stream) {
            return stream.expected.kind() == ExpectedVersion::Kind::exactly &&
                   std::ranges::find(refused, stream.id, &Batch::Stream::id) != refused.end();
        });
        if (rests)
            return true;
    }
    return false;
}

} // namespace kontor::ports
