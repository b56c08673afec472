#include "programs/kontor/payment_secrets.hpp"

#include "codec/json_text.hpp"
#include "programs/kontor/serve_files.hpp"

#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace kontor::programs {
namespace {

using webhooks::WebhookSecret;

constexpr std::size_t secret_bytes = 32;

std::string provider_key_file(std::string const& directory) {
    return directory + "/api.key";
}
std::string secrets_file(std::string const& directory) {
    return directory + "/webhook.secrets";
}

Trouble not_usable(FailureKind kind, std::string what, std::string where) {
    return {"settings",
            {kind, std::move(what), std::move(where)},
            "`kontor sandbox` makes both files; payments.secrets names their directory."};
}

std::string new_secret() {
    std::array<std::uint8_t, secret_bytes> bytes{};
    draw_random(bytes);
    std::string secret = "whsec_";
    codec::append_base64(secret, bytes);
    return secret;
}

} // namespace

Result<PaymentSecrets, Trouble> read_payment_secrets(std::string const& directory) {
    PaymentSecrets secrets{first_line_of(provider_key_file(directory)), {}};
    if (secrets.key.empty())
        return unexpected(not_usable(FailureKind::not_found, "there is no key to the provider",
                                     provider_key_file(directory)));
    auto const path = secrets_file(directory);
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty())
            continue;
        auto secret = WebhookSecret::parse(line);
        if (!secret || secrets.webhooks.size() >= webhook_secrets_max)
            return unexpected(
                not_usable(FailureKind::invalid,
                           secret ? "it has more secrets than anybody needs" : secret.error().what,
                           fmt::format("{}:{}", path, number)));
        secrets.webhooks.push_back(*std::move(secret));
    }
    if (secrets.webhooks.empty())
        return unexpected(
            not_usable(FailureKind::not_found, "there is no secret that signs webhooks", path));
    return secrets;
}

Result<void> make_payment_secrets(std::string const& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
        return unexpected(Failure{FailureKind::unavailable, error.message(), directory});
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    if (first_line_of(provider_key_file(directory)).empty())
        KONTOR_TRY(
            write_private_file(provider_key_file(directory), random_word(secret_letters) + "\n"));
    if (first_line_of(secrets_file(directory)).empty())
        KONTOR_TRY(write_private_file(secrets_file(directory), new_secret() + "\n"));
    return {};
}

} // namespace kontor::programs
