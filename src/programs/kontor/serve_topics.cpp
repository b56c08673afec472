#include "programs/kontor/serve_topics.hpp"

#include "programs/kontor/at_leisure.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_keys.hpp"

namespace kontor::programs {
namespace {

/// Errors: unavailable, invalid.
Result<topics::SigningKey> kept_key(std::string const& path, Instant now) {
    KONTOR_TRY(auto const kept, kept_text(path));
    if (kept)
        return topics::SigningKey::parse(*kept).transform_error([&](Failure failure) {
            failure.where = path;
            return failure;
        });
    KONTOR_TRY(auto made, topics::SigningKey::make(now));
    KONTOR_TRY(write_private_file(path, made.text()));
    return made;
}

} // namespace

Result<std::unique_ptr<ServedTopics>> ServedTopics::open(std::string const& directory,
                                                         Clock& clock) {
    KONTOR_TRY(auto key, kept_key(directory + "/keys/topics.pem", clock.now()));
    KONTOR_TRY(auto token_key, kept_word(directory + "/keys/topics.key"));
    return std::unique_ptr<ServedTopics>(new ServedTopics(std::move(key), std::move(token_key)));
}

router::Signing ServedTopics::signing() const {
    return {[key = key_](std::string_view text, std::uint32_t version) {
                return key.sign(text, version);
            },
            {},
            token_key_};
}

topics::Links ServedTopics::links_at(std::string url) const {
    while (url.ends_with('/'))
        url.pop_back();
    return {url + key_.path(), url};
}

Result<void> ServedTopics::deliver(router::Router& router, hosting::JournaledQueues& queues,
                                   Clock& clock, reach::Reach reach) {
    KONTOR_TRY(sender_, curl::SafeSender::open(clock, {.reach = reach,
                                                       .at_once_max = router::web_calls_max,
                                                       .within = router::web_answer_within}));
    courier_.emplace(router::Courier::Parts{router, queues, *sender_, clock});
    return {};
}

void ServedTopics::show_in(telemetry::Metrics& metrics) {
    constexpr std::array outcomes{"delivered", "failed", "given_up"};
    static_assert(outcomes.size() == std::tuple_size_v<decltype(calls_)>);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        calls_[i] = &metrics.counter("kontor_topic_calls_total",
                                     "Calls to endpoints of topics, by what came of them.",
                                     {{"outcome", outcomes[i]}});
}

void ServedTopics::count() {
    auto const counts = courier_->counts();
    std::array const totals{counts.delivered, counts.failed, counts.given_up};
    for (std::size_t i = 0; i < totals.size(); ++i)
        calls_[i]->set_total(totals[i]);
}

void ServedTopics::start(std::function<void(Failure const&)> on_failure) {
    runner_ = std::make_unique<Runner>(*courier_, at_strangers_leisure, std::move(on_failure));
}

} // namespace kontor::programs
