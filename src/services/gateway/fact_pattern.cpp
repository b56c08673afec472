#include "services/gateway/fact_pattern.hpp"

#include "platform/routing/pattern.hpp"

namespace kontor::services::gateway {

Result<std::shared_ptr<FactPattern>, Trouble> FactPattern::of(std::string_view text) {
    if (auto const compiled = routing::compile(text); !compiled)
        return unexpected(bad_parameter("pattern", routing::to_string(compiled.error())));
    routing::Rule const alone[] = {{0, text}};
    auto matcher = routing::Matcher::build(alone);
    KONTOR_ASSERT(matcher.has_value(), "{} compiled once", text);
    return std::make_shared<FactPattern>(*std::move(matcher));
}

Result<bool> FactPattern::is_met(ports::RecordedEvent const& event,
                                 ports::RecordedCommit const& commit) {
    KONTOR_TRY(auto const shown, router::show({}, event, commit));
    if (!shown.event || matching_.ask(shown.event->envelope) != routing::Asked::answered)
        return false;
    // Of what it is not known of more is better than less.
    return !matching_.rules().empty() || !matching_.over_budget().empty();
}

} // namespace kontor::services::gateway
