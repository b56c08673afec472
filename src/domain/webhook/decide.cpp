#include "domain/webhook/decide.hpp"

namespace kontor::webhook {
namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

Result<Standing, Rejection> standing_in(State const& state) {
    auto const* const standing = std::get_if<Standing>(&state);
    if (standing == nullptr)
        return unexpected(Rejection::unknown_webhook);
    return *standing;
}

Result<Standing, Rejection> enabled_in(State const& state) {
    KONTOR_TRY(auto standing, standing_in(state));
    if (!standing.settings.enabled)
        return unexpected(Rejection::webhook_disabled);
    return standing;
}

} // namespace

Decision decide(State const& state, Add const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return facts<Event>(Added{command.settings});
    auto const* const standing = std::get_if<Standing>(&state);
    if (standing != nullptr && standing->settings == command.settings)
        return nothing_happens();
    return unexpected(Rejection::webhook_exists);
}

Decision decide(State const& state, Change const& command, Context const&) {
    KONTOR_TRY(auto const standing, standing_in(state));
    auto settings = standing.settings;
    settings.url = command.url.value_or(settings.url);
    settings.pattern = command.pattern.value_or(settings.pattern);
    settings.description = command.description.value_or(settings.description);
    settings.enabled = command.enabled.value_or(settings.enabled);
    if (settings == standing.settings)
        return nothing_happens();
    return facts<Event>(Changed{std::move(settings)});
}

Decision decide(State const& state, RotateSecret const&, Context const& context) {
    KONTOR_TRY(auto const standing, standing_in(state));
    return facts<Event>(SecretRotated{standing.secret + 1, context.now});
}

Decision decide(State const& state, Disable const& command, Context const&) {
    auto const* const standing = std::get_if<Standing>(&state);
    if (standing == nullptr || !standing->settings.enabled)
        return nothing_happens();
    return facts<Event>(Disabled{command.why, command.position});
}

Decision decide(State const& state, SendTest const&, Context const&) {
    KONTOR_TRY(enabled_in(state));
    return facts<Event>(Tested{});
}

Decision decide(State const& state, AskResend const& command, Context const&) {
    KONTOR_TRY(enabled_in(state));
    return facts<Event>(ResendAsked{command.position});
}

Decision decide(State const& state, Remove const&, Context const&) {
    KONTOR_TRY(standing_in(state));
    return facts<Event>(Removed{});
}

} // namespace kontor::webhook
