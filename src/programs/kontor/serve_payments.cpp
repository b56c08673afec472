#include "programs/kontor/serve_payments.hpp"

#include "adapters/curl/http_client.hpp"
#include "programs/kontor/payment_secrets.hpp"

#include <algorithm>

namespace kontor::programs {
namespace {

/// As the facts name whose book it is, and the path of its webhooks.
constexpr char const* provider_name = "sandbox";

std::string_view bytes_of(webhooks::WebhookSecret const& secret) {
    return secret.bytes();
}

constexpr Duration look_within = Duration::seconds(2);

/// What keeps us from asking now; empty: nothing.
/// Errors: invalid (the provider refuses the key).
Result<std::string, Trouble> look_at(std::string const& url, std::string const& key) {
    KONTOR_TRY(auto const client, curl::HttpClient::open());
    auto const answer = client->send(
        {"GET", url + "/v1/book", {{"Authorization", "Bearer " + key}}, {}, look_within});
    if (!answer)
        return answer.error().what;
    constexpr std::uint16_t unauthorized = 401;
    if (answer->status == unauthorized)
        return unexpected(
            Trouble("settings", {FailureKind::invalid, "the provider refuses our key", url},
                    "Let payments.secrets name the directory that the provider uses."));
    return std::string();
}

} // namespace

Result<std::unique_ptr<OutsidePayments>, Trouble>
OutsidePayments::open(PaymentOptions const& options, Clock& clock) {
    KONTOR_TRY(auto secrets, read_payment_secrets(options.secrets));
    std::unique_ptr<OutsidePayments> outside(new OutsidePayments);
    KONTOR_TRY(outside->silence_, look_at(options.url, secrets.key));
    outside->directory_ = options.secrets;
    outside->key_ = secrets.key;
    KONTOR_TRY(outside->provider_,
               payments::HttpProvider::open(
                   {.url = options.url,
                    .key = std::move(secrets.key),
                    .probes = true,
                    .rules = options.rules,
                    .seed = static_cast<std::uint64_t>(clock.now().unix_microseconds())},
                   clock));
    outside->door_.emplace(services::gateway::WebhookDoor{
        provider_name, std::move(secrets.webhooks), outside->provider_->webhooks()});
    return outside;
}

Result<std::vector<services::gateway::ReloadedSecret>> OutsidePayments::reload() {
    auto secrets = read_payment_secrets(directory_);
    if (!secrets)
        return unexpected(std::move(secrets).error().failure);
    bool const key_changed = secrets->key != key_;
    bool const hooks_changed =
        !std::ranges::equal(secrets->webhooks, door_->secrets, {}, bytes_of, bytes_of);
    key_ = secrets->key;
    provider_->use_key(std::move(secrets->key));
    door_->secrets = std::move(secrets->webhooks);
    return std::vector<services::gateway::ReloadedSecret>{
        {"payments.key", key_changed}, {"payments.webhook_secrets", hooks_changed}};
}

} // namespace kontor::programs
