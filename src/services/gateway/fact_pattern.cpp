#include "services/gateway/fact_pattern.hpp"

namespace kontor::services::gateway {

Result<std::shared_ptr<FactPattern>, Trouble> FactPattern::of(std::string_view text) {
    auto pattern = routing::SinglePattern::of(text);
    if (!pattern)
        return unexpected(bad_parameter("pattern", routing::to_string(pattern.error())));
    return std::make_shared<FactPattern>(*std::move(pattern));
}

Result<bool> FactPattern::is_met(ports::RecordedEvent const& event,
                                 ports::RecordedCommit const& commit) {
    KONTOR_TRY(auto const shown, router::show({}, event, commit));
    return shown.event && pattern_->may_meet(shown.event->envelope);
}

} // namespace kontor::services::gateway
