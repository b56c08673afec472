#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/seams/node_desk.hpp"
#include "services/gateway/shedding.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

Result<NodeDesk const*, Trouble> node_of(Parts const& parts) {
    if (parts.node == nullptr)
        return unexpected(trouble("unsupported"));
    return parts.node;
}

ServiceAnswer answer_of(FollowerStanding const& follower) {
    auto const health = follower.pace == Pace::halted   ? ServiceHealth::halted
                        : follower.pace == Pace::paused ? ServiceHealth::paused
                        : follower.events_behind > 0    ? ServiceHealth::behind
                                                        : ServiceHealth::at_end;
    return {follower.name, health, follower.events_behind, follower.behind.in_milliseconds(), {}};
}

ServiceAnswer answer_of(DownstreamStanding const& outside) {
    return {outside.name, outside.is_up ? ServiceHealth::up : ServiceHealth::down,
            outside.unanswered, outside.down_for.in_milliseconds(),
            outside.is_up ? std::nullopt : std::optional(outside.why)};
}

LimitAnswer answer_of(RatePolicy const& policy) {
    return {std::string(policy.name), std::string(policy.whose), policy.quota.count_max,
            policy.quota.window.in_milliseconds(), policy.is_built_in ? "built-in" : "live"};
}

/// The name of the file is told and not where it lies.
Trouble not_reloaded(Failure const& failure) {
    auto const where = failure.where.substr(failure.where.rfind('/') + 1);
    return trouble("settings", "the old secrets stay: " + failure.what +
                                   (where.empty() ? "" : " (" + where + ")"));
}

} // namespace

namespace code {

Served list_limits(Parts& parts, Asked&) {
    std::vector<LimitAnswer> answers;
    for (auto const& policy : parts.limits.policies())
        answers.push_back(answer_of(policy));
    return Answer(list_reply(answers));
}

Served set_limit(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<SetLimit>(asked));
    auto const most = static_cast<std::int64_t>(LimitBook::count_most);
    resilience::Quota const quota{
        static_cast<std::uint32_t>(std::min(body.count_max.value(), most + 1)),
        Duration::milliseconds(body.window_ms.value())};
    auto const wanted = parts.limits.would_be(asked.path[0], quota);
    if (!wanted && wanted.error().kind == FailureKind::invalid)
        return unexpected(bad_field("/count_max", wanted.error().what));
    if (!wanted)
        return unexpected(trouble_of(wanted.error()));
    auto const before = codec::to_json(answer_of(*parts.limits.find(asked.path[0])));
    auto const set = [&parts, name = asked.path[0], quota]() -> Result<Reply, Trouble> {
        KONTOR_TRY(auto const* const policy, or_trouble(parts.limits.set(name, quota)));
        return json_reply(200, answer_of(*policy));
    };
    return after_note(asked, {before, codec::to_json(answer_of(*wanted)), set});
}

Served show_overview(Parts& parts, Asked&) {
    KONTOR_TRY(auto const* const node, node_of(parts));
    auto const figures = node->figures();
    OverviewAnswer answer{};
    answer.version = parts.version;
    answer.position = parts.log.durable().position.value();
    for (auto const& check : parts.ready_checks ? parts.ready_checks() : std::vector<ReadyCheck>())
        if (!check.is_good)
            answer.unready.push_back(check.name + ": " + check.what);
    answer.ready = answer.unready.empty();
    answer.open_orders = figures.open_orders;
    for (auto const& outside : node->downstreams())
        if (!outside.is_up)
            answer.degraded.push_back(outside.name + ": " + outside.why);
    for (auto const& follower : figures.followers)
        answer.lag_events_max = std::max(answer.lag_events_max, follower.events_behind);
    answer.disk_free_bytes = figures.disk_free_bytes;
    auto const& turned = parts.turned_away;
    answer.shed = {turned.shed[0], turned.shed[1], turned.shed[2], turned.shed[3]};
    answer.deadline_dropped = turned.late;
    return Answer(json_reply(200, answer));
}

Served list_services(Parts& parts, Asked&) {
    KONTOR_TRY(auto const* const node, node_of(parts));
    std::vector<ServiceAnswer> answers;
    for (auto const& follower : node->figures().followers)
        answers.push_back(answer_of(follower));
    for (auto const& outside : node->downstreams())
        answers.push_back(answer_of(outside));
    return Answer(list_reply(answers));
}

Served list_settings(Parts& parts, Asked&) {
    KONTOR_TRY(auto const* const node, node_of(parts));
    std::vector<SettingAnswer> answers;
    for (auto const& [name, value, origin] : node->settings())
        answers.push_back({name, value, origin});
    return Answer(list_reply(answers));
}

Served reload_secrets(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<WithReason>(asked));
    KONTOR_TRY(auto const* const node, node_of(parts));
    auto const reload = [node]() -> Result<Reply, Trouble> {
        auto const read = node->reload_secrets();
        if (!read)
            return unexpected(not_reloaded(read.error()));
        std::vector<SettingAnswer> answers;
        for (auto const& secret : *read)
            answers.push_back(
                {secret.name, secret.is_changed ? "changed" : "unchanged", "read again"});
        return list_reply(answers);
    };
    return after_note(asked, {{}, {}, reload});
}

} // namespace code
} // namespace kontor::services::gateway
