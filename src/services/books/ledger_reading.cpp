#include "services/books/ledger_reading.hpp"

namespace kontor::services::books {

Result<bool> LedgerReading::read_on(ReadUntil const& until, ports::Limit events_max) {
    if (position_ >= until.position)
        return true;
    KONTOR_TRY(auto const page, store_.read_log(position_, events_max));
    for (auto const& event : page.events) {
        if (event.position > until.position)
            return true;
        position_ = event.position;
        if (until.at && page.commit_of(event).header.occurred_at > *until.at)
            continue;
        KONTOR_TRY(entries_.see(page, event));
    }
    return page.empty() || position_ >= until.position;
}

} // namespace kontor::services::books
