#include "programs/kontor/serve_shop.hpp"

#include "base/names.hpp"

#include <fmt/core.h>

namespace kontor::programs {

// How a served shop stands, as operators see it, and what its log says of that.

namespace {

constexpr Duration behind_max = Duration::seconds(5);
/// The edge's turns are many, and segments rot seldom.
constexpr Duration rot_looks_apart = Duration::seconds(1);

} // namespace

std::vector<services::gateway::ReadyCheck> ServedShop::checks() const {
    std::vector<services::gateway::ReadyCheck> checks{
        {"open", is_started_ && !is_draining_,
         is_draining_ ? "it is closing" : "it has not begun"}};
    auto const failed = failure();
    checks.push_back({"agents", !failed, failed ? to_string(*failed) : ""});
    auto const room = log_->room();
    checks.push_back({"journal_writable", !failed && room != ports::Room::none,
                      room == ports::Room::none ? "the disk has no room left" : ""});
    auto const lags = node_->lags();
    checks.push_back({"followers", !lags.empty(), "the followers have not begun"});
    for (auto const& lag : lags) {
        // Who paused a projection wants the shop to go on selling meanwhile.
        bool const is_well =
            lag.pace == Pace::paused || (lag.behind <= behind_max && lag.pace == Pace::follows);
        checks.push_back({fmt::format("follower {}", lag.name), is_well,
                          lag.pace == Pace::halted ? "it is halted"
                                                   : fmt::format("{} events behind", lag.events)});
    }
    return checks;
}

std::unique_ptr<ServedDesk> ServedShop::make_desk(Settings const& settings) {
    return std::make_unique<ServedDesk>(
        settings,
        ServedDesk::Sources{[this] { return figures(); }, [this] { return node_->backlog(); },
                            [this] { return downstreams(); }, [this] { return reload_secrets(); },
                            [this] { return breakers(); },
                            [this](std::string_view name, resilience::Forced forced) {
                                return force_breaker(name, forced);
                            }});
}

services::gateway::NodeFigures ServedShop::figures() const {
    services::gateway::NodeFigures figures;
    for (auto const& lag : node_->lags())
        figures.followers.push_back({lag.name, lag.events, lag.behind, lag.pace});
    figures.open_orders = node_->open_orders();
    auto const disk = embedded::disk_state_near(log_->directory());
    figures.disk_free_bytes = disk ? disk->bytes_free : 0;
    return figures;
}

std::vector<services::gateway::DownstreamStanding> ServedShop::downstreams() const {
    std::vector<services::gateway::DownstreamStanding> all;
    if (payments_) {
        auto const health = payments_->health();
        all.push_back({"payments", health.is_up, health.why,
                       health.is_up ? Duration() : clock_->monotonic() - health.since,
                       health.is_left_alone, health.failures, health.unanswered});
    }
    if (mail_ && mail_->desk() == nullptr) { // an outbox is nobody outside
        auto const now = mail_->figures();
        all.push_back({"mail", now.is_up, now.why,
                       now.is_up ? Duration() : clock_->monotonic() - now.since, !now.is_up,
                       now.failures, now.in_hand});
    }
    return all;
}

std::vector<services::gateway::BreakerStanding> ServedShop::breakers() const {
    if (!payments_)
        return {};
    return {{OutsidePayments::downstream, payments_->figures(), clock_->monotonic()}};
}

Result<void> ServedShop::force_breaker(std::string_view name, resilience::Forced forced) {
    if (!payments_ || name != OutsidePayments::downstream)
        return unexpected(Failure{FailureKind::not_found, "the shop asks nobody of this name"});
    KONTOR_TRY(forced_breakers_->keep(name, forced));
    payments_->force(forced);
    return {};
}

/// On the edge's thread, where the webhooks are checked.
Result<std::vector<services::gateway::ReloadedSecret>> ServedShop::reload_secrets() {
    if (!payments_)
        return std::vector<services::gateway::ReloadedSecret>();
    auto read = payments_->reload();
    if (!read) {
        record_->say(telemetry::Level::warning, "serve",
                     "secrets could not be read again, the old ones stay",
                     {{"why", read.error().what}, {"where", read.error().where}});
        return read;
    }
    std::vector<telemetry::LogField> fields;
    for (auto const& secret : *read)
        fields.push_back({secret.name, secret.is_changed ? "changed" : "unchanged"});
    record_->say(telemetry::Level::notice, "serve", "secrets were read again", std::move(fields));
    return read;
}

void ServedShop::tell_of_backup(services::gateway::BackupStanding const& standing) {
    using services::gateway::BackupState;
    auto const level =
        standing.state == BackupState::failed ? telemetry::Level::error : telemetry::Level::notice;
    std::vector<telemetry::LogField> fields{{"state", std::string(enumerator_name(standing.state))},
                                            {"directory", standing.directory}};
    if (standing.last_position)
        fields.push_back({"last_position", std::to_string(*standing.last_position)});
    if (!standing.why.empty())
        fields.push_back({"why", standing.why});
    record_->say(level, "store", "a backup has ended", std::move(fields));
}

/// Each once in a run.   Thread: the edge's.
void ServedShop::tell_of_rot() {
    auto const now = clock_->monotonic();
    if (now < looks_for_rot_at_)
        return;
    looks_for_rot_at_ = now + rot_looks_apart;
    auto const rotten = log_->scrubbed().rotten;
    for (; rotten_told_ < rotten.size(); ++rotten_told_)
        record_->say(telemetry::Level::error, "journal", "a sealed segment of the log has rotted",
                     {{"why", rotten[rotten_told_].what},
                      {"where", rotten[rotten_told_].where},
                      {"what_to_do", "kontor explain corrupt"}});
}

void ServedShop::tell_of_breaker(resilience::Transition const& change) {
    auto const level = change.to == resilience::BreakerState::open ? telemetry::Level::warning
                                                                   : telemetry::Level::notice;
    record_->say(level, "resilience", "a circuit breaker has changed",
                 {{"downstream", OutsidePayments::downstream},
                  {"from", std::string(enumerator_name(change.from))},
                  {"to", std::string(enumerator_name(change.to))},
                  {"why", change.why}});
}

} // namespace kontor::programs
