#include "programs/kontor/serve_shop.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "services/workers/warehouse_news.hpp"
#include "topology/shop.hpp"

#include <algorithm>

namespace kontor::programs {

// What a served shop has of queues, bus and letters, and what its log says of them.

/// What was in hand when the process before this one ended is counted here, whoever starts.
Result<void, Trouble> ServedShop::open_blackbox() {
    KONTOR_TRY(blackbox_file_, files::MappedFile::open(log_->directory() + "/run/blackbox",
                                                       blackbox::Blackbox::bytes()));
    blackbox_ = std::make_unique<blackbox::Blackbox>(blackbox_file_->memory(), sqlite::this_boot(),
                                                     clock_->now());
    for (auto const& suspect : blackbox_->suspects())
        record_->say(telemetry::Level::warning, "blackbox",
                     suspect.is_quarantined() ? "it ended the process again and again, and is not "
                                                "handled any more until it is released"
                                              : "it was in hand when a process ended",
                     {{"agent", suspect.agent},
                      {"id", suspect.what.to_string()},
                      {"ends", std::to_string(suspect.ends)}});
    return {};
}

/// Whoever asks for none need not wait until all that queues ever did is folded.
Result<void, Trouble> ServedShop::open_queues() {
    if (!options_.wire)
        return {};
    KONTOR_TRY(queues_, ServedQueues::open({log_->store(), *clock_, secrets_, log_->directory(),
                                            log_->report().lineage}));
    if (queues_->has_refused_checkpoint())
        record_->say(telemetry::Level::warning, "queues",
                     "their checkpoint does not fit this log: they were folded from its beginning");
    auto const declared = hosting::declare_queues(queues_->queues().admin(), topology::shop);
    if (!declared) // with no room for it the shop goes on with the queues that stand
        record_->say(telemetry::Level::warning, "queues", "not all stand as the topology says",
                     {{"why", ports::what_of(declared.error())}});
    if (does_itself("inventory"))
        queues_->desk().jobs.push_back(services::warehouse_job(log_->store(), places()));
    return {};
}

bool ServedShop::does_itself(std::string_view service) const {
    return std::ranges::find(options_.services_elsewhere, service) ==
           options_.services_elsewhere.end();
}

Result<void, Trouble> ServedShop::open_mail() {
    if (!queues_ || !does_itself("notification"))
        return {};
    KONTOR_TRY(mail_, ServedMail::open(options_.mail, {queues_->queues().queue(), log_->store(),
                                                       *clock_, *people_.keys, *record_}));
    return {};
}

/// A shop whose topology has no room any more for what somebody wired goes on without that.
void ServedShop::say_what_was_skipped() {
    constexpr std::size_t lines_max = 20;
    if (node_->router() == nullptr)
        return;
    auto const& skipped = node_->router()->skipped();
    std::size_t lines = 0;
    for (auto const& [what, why] : skipped) {
        if (++lines > lines_max)
            break;
        record_->say(
            telemetry::Level::warning, "bus",
            "what a caller made does not stand with this release: make it anew as it is "
            "taken now, or delete it",
            {{"what", what}, {"why", why.why}, {"position", std::to_string(why.fact.value())}});
    }
    if (skipped.size() > lines_max)
        record_->say(telemetry::Level::warning, "bus", "more that callers made does not stand",
                     {{"all", std::to_string(skipped.size())}});
}

Result<void, Trouble> ServedShop::open_aws_wire() {
    if (!options_.wire)
        return {};
    options_.wire->certificate = {topics_->key().path(), topics_->key().certificate()};
    KONTOR_TRY(wire_, ServedWire::open(*options_.wire, queues_->queues(), archives_->wiring(),
                                       *clock_, [this] { wake_edge(); }));
    return {};
}

void ServedShop::count_deliveries() {
    webhooks_->count();
    if (topics_)
        topics_->count();
}

/// Endpoints find us by what people set, or else where we listen.
void ServedShop::link_topics() {
    auto const& set = options_.wire->public_url;
    node_->router()->office().link_to(topics_->links_at(set.empty() ? wire_address() : set));
}

/// Nothing is lost by it.
void ServedShop::tell_no_checkpoint(Failure const& failure) {
    record_->say(telemetry::Level::warning, "queues",
                 "no checkpoint is made any more: the next start reads more of the log",
                 {{"failure", to_string(failure)}});
}

} // namespace kontor::programs
