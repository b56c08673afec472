#include "programs/kontor/serve_webhooks.hpp"

#include "base/names.hpp"
#include "programs/kontor/at_leisure.hpp"
#include "programs/kontor/serve_keys.hpp"

namespace kontor::programs {
namespace {

using Tried = services::hooks::Outcome;

constexpr std::array tried{Tried::delivered, Tried::failed, Tried::exhausted, Tried::gone,
                           Tried::dropped};

constexpr char const* tries_help = "Tries to bring a fact to a webhook, by what came of them.";

} // namespace

Result<std::unique_ptr<ServedWebhooks>> ServedWebhooks::open(Parts parts,
                                                             telemetry::Metrics& metrics) {
    KONTOR_TRY(auto key, kept_word(parts.directory + "/keys/webhooks.key"));
    KONTOR_TRY(auto sender,
               curl::SafeSender::open(parts.clock, {.reach = parts.reach,
                                                    .at_once_max = services::hooks::calls_max,
                                                    .within = webhooks::answer_within}));
    std::unique_ptr<ServedWebhooks> served(
        new ServedWebhooks(parts, std::move(sender), std::move(key)));
    KONTOR_TRY(served->webhooks_.recover());
    served->show_in(metrics);
    return served;
}

ServedWebhooks::ServedWebhooks(Parts const& parts, std::unique_ptr<curl::SafeSender> sender,
                               std::string key)
    : sender_(std::move(sender)), secrets_(std::move(key)), desk_{secrets_, figures_, parts.reach},
      webhooks_({parts.log, parts.clock, parts.client, *sender_, secrets_, figures_}) {}

void ServedWebhooks::show_in(telemetry::Metrics& metrics) {
    static_assert(tried.size() == std::tuple_size_v<decltype(tries_)>);
    for (std::size_t i = 0; i < tried.size(); ++i)
        tries_[i] = &metrics.counter("kontor_webhook_tries_total", tries_help,
                                     {{"outcome", std::string(enumerator_name(tried[i]))}});
    auto const of_lanes = [this](auto value) {
        return [this, value] {
            std::vector<telemetry::Sample> samples;
            for (auto const& lane : figures_.lanes()) // at most webhooks_max, or a few more
                samples.push_back(
                    {{{"webhook", lane.webhook.to_string()}}, static_cast<double>(value(lane))});
            return samples;
        };
    };
    metrics.gauges("kontor_webhook_lag_events", "Facts that were not looked at for a webhook yet.",
                   of_lanes([](auto const& lane) { return lane.lag_events; }));
    metrics.gauges("kontor_webhook_waiting", "Deliveries to a webhook that have not ended.",
                   of_lanes([](auto const& lane) { return lane.waiting; }));
}

void ServedWebhooks::count() {
    auto const counts = figures_.counts();
    std::array const totals{counts.delivered, counts.failed, counts.exhausted, counts.gone,
                            counts.dropped};
    for (std::size_t i = 0; i < totals.size(); ++i)
        tries_[i]->set_total(totals[i]);
}

void ServedWebhooks::start(std::function<void(Failure const&)> on_failure) {
    runner_ = std::make_unique<Runner>(webhooks_, at_strangers_leisure, std::move(on_failure));
}

} // namespace kontor::programs
