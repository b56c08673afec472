#include "services/gateway/sign_in.hpp"

#include "services/gateway/digests.hpp"
#include "services/gateway/passwords.hpp"
#include "services/gateway/token_book.hpp"

namespace kontor::services::gateway {
namespace {

/// Tries from one address.   Source: INTERFACES section 5, Base.
constexpr resilience::Quota tries{5, Duration::minutes(1)};

/// A hash on its way.
struct Hashing {
    std::string salt;
    std::optional<std::uint64_t> number{};
};

} // namespace

Result<std::optional<HashedPassword>, Trouble>
hashed(Parts& parts, Asked& asked, std::string_view password, std::string_view salt) {
    if (parts.passwords == nullptr || parts.tokens == nullptr)
        return unexpected(trouble("unsupported"));
    if (!asked.progress)
        asked.progress = std::make_shared<Hashing>(
            Hashing{salt.empty() ? parts.tokens->fresh_salt() : std::string(salt)});
    auto& hashing = *static_cast<Hashing*>(asked.progress.get());
    if (!hashing.number)
        hashing.number = parts.passwords->start(password, hashing.salt);
    auto hash =
        hashing.number ? parts.passwords->collect(*hashing.number) : std::optional<std::string>();
    if (!hash)
        return std::optional<HashedPassword>();
    if (hash->empty())
        return unexpected(trouble("unavailable", "passwords cannot be hashed now"));
    return std::optional(HashedPassword{hashing.salt, *std::move(hash)});
}

Result<void, Trouble> count_try(Parts& parts, Asked const& asked) {
    auto const& bytes = asked.request->peer.bytes;
    std::string const address(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    auto const verdict = parts.sign_ins.take(address, tries, parts.clock.monotonic());
    if (verdict.is_allowed)
        return {};
    auto refused = trouble("throttled", "five tries in a minute are enough");
    auto const seconds = (verdict.retry_after.in_milliseconds() + 999) / 1000;
    refused.headers.emplace_back("Retry-After", std::to_string(seconds));
    return unexpected(std::move(refused));
}

Result<std::optional<OpenedSession>, Trouble>
sign_in(Parts& parts, Asked& asked, std::string_view user, std::string_view password) {
    if (parts.tokens == nullptr)
        return unexpected(trouble("unsupported"));
    if (!asked.progress)
        KONTOR_TRY(count_try(parts, asked));
    auto const* known = parts.tokens->find_user(user);
    KONTOR_TRY(auto const hash,
               hashed(parts, asked, password, known == nullptr ? "" : known->salt));
    if (!hash)
        return std::optional<OpenedSession>();
    known = parts.tokens->find_user(user); // as it is now
    if (known == nullptr || !equal_in_constant_time(known->hash, hash->hash))
        return unexpected(trouble("unauthenticated"));
    return std::optional(parts.tokens->open_user(*known, asked.now));
}

} // namespace kontor::services::gateway
