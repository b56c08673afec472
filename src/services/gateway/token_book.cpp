#include "services/gateway/token_book.hpp"

#include "services/gateway/digests.hpp"

#include "codec/json.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t csrf_bytes = 16;
constexpr std::size_t closed_max = 10'000;
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; ///< Crockford's

/// A token as the file has it.
struct StoredToken {
    std::string id;
    std::string name;
    std::string mac;
    std::vector<Role> roles;
    std::vector<std::string> scopes;
    Instant created_at;
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(StoredToken, (), (id, name, mac, roles, scopes, created_at, expires_at))
static_assert(describes_every_field<StoredToken>());

struct StoredBook {
    std::vector<StoredToken> tokens;
};
BOOST_DESCRIBE_STRUCT(StoredBook, (), (tokens))
static_assert(describes_every_field<StoredBook>());

/// What a session's cookie says.
struct SessionClaims {
    std::vector<Role> roles;
    std::optional<CustomerId> customer;
    std::string name;
    bool pii;
    std::string csrf;
    Instant until;
};
BOOST_DESCRIBE_STRUCT(SessionClaims, (), (roles, customer, name, pii, csrf, until))
static_assert(describes_every_field<SessionClaims>());

Roles set_of(std::vector<Role> const& list) {
    Roles roles;
    for (auto const role : list)
        roles.add(role);
    return roles;
}

InlineText<31> short_name(std::string_view name) {
    return InlineText<31>(name.substr(0, 31));
}

Caller caller_of(KeptToken const& token) {
    Caller caller;
    caller.roles = set_of(token.roles);
    caller.name = short_name(token.name);
    caller.scope = token.id;
    caller.sees_personal_fields = std::ranges::find(token.scopes, "pii") != token.scopes.end();
    caller.expires_at = token.expires_at;
    return caller;
}

KeptToken const* find_by_mac(std::vector<KeptToken> const& tokens, std::string_view mac,
                             Instant now) {
    KeptToken const* found = nullptr;
    for (auto const& token : tokens)
        if (equal_in_constant_time(token.mac, mac))
            found = &token;
    bool const is_over = found != nullptr && found->expires_at && *found->expires_at <= now;
    return is_over ? nullptr : found;
}

} // namespace

Result<TokenBook> TokenBook::open(std::string pepper, std::string_view text, SecretSource& secrets,
                                  Save save) {
    TokenBook book(std::move(pepper), secrets, std::move(save));
    if (text.empty())
        return book;
    KONTOR_TRY(auto stored, codec::from_json<StoredBook>(text, codec::UnknownKeys::skipped));
    for (auto& token : stored.tokens)
        book.tokens_.push_back({std::move(token.id), std::move(token.name), std::move(token.mac),
                                std::move(token.roles), std::move(token.scopes), token.created_at,
                                token.expires_at});
    return book;
}

std::string TokenBook::text() const {
    StoredBook stored;
    for (auto const& token : tokens_)
        stored.tokens.push_back({token.id, token.name, token.mac, token.roles, token.scopes,
                                 token.created_at, token.expires_at});
    return codec::to_json(stored);
}

std::string TokenBook::secret_text(std::size_t bytes) {
    std::string random(bytes, '\0');
    secrets_->fill({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
    return base64url(random);
}

std::string TokenBook::mac_of(std::string_view secret) const {
    return base64url(as_text(hmac_sha256(pepper_, std::string("key\n") + std::string(secret))));
}

std::optional<Caller> TokenBook::by_token(std::string_view token, Instant now) {
    if (!token.starts_with("ktk_"))
        return std::nullopt;
    auto const mac = mac_of(token);
    auto const* found = find_by_mac(of_this_process_, mac, now);
    if (found == nullptr)
        found = find_by_mac(tokens_, mac, now);
    return found == nullptr ? std::nullopt : std::optional(caller_of(*found));
}

std::optional<Caller> TokenBook::by_cookie(std::string_view cookie, Instant now) {
    auto const dot = cookie.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    auto const claims_text = from_base64url(cookie.substr(0, dot));
    auto const signature = cookie.substr(dot + 1);
    auto const wanted = base64url(as_text(hmac_sha256(pepper_, "session\n" + claims_text)));
    if (claims_text.empty() || !equal_in_constant_time(signature, wanted) ||
        std::ranges::find(closed_, signature) != closed_.end())
        return std::nullopt;
    auto const claims = codec::from_json<SessionClaims>(claims_text, codec::UnknownKeys::skipped);
    if (!claims || claims->until <= now)
        return std::nullopt;
    Caller caller;
    caller.roles = set_of(claims->roles);
    caller.customer = claims->customer;
    caller.name = short_name(claims->name);
    caller.scope = claims->customer ? claims->customer->to_string() : "session " + claims->name;
    caller.sees_personal_fields = claims->pii;
    caller.csrf = claims->csrf;
    caller.expires_at = claims->until;
    return caller;
}

OpenedSession TokenBook::session_of(Caller caller, Instant until) {
    caller.csrf = secret_text(csrf_bytes);
    caller.expires_at = until;
    auto const claims = codec::to_json(
        SessionClaims{list_of(caller.roles), caller.customer, std::string(caller.name.view()),
                      caller.sees_personal_fields, caller.csrf, until});
    auto const signature = hmac_sha256(pepper_, "session\n" + claims);
    return {base64url(claims) + "." + base64url(as_text(signature)), std::move(caller)};
}

std::optional<OpenedSession> TokenBook::open_by_token(std::string_view token, Instant now) {
    auto caller = by_token(token, now);
    if (!caller)
        return std::nullopt;
    auto const until = now + console_session;
    return session_of(*caller, caller->expires_at ? std::min(*caller->expires_at, until) : until);
}

std::optional<OpenedSession> TokenBook::open_by_code(std::string_view code, Instant now) {
    auto const mac = mac_of(code);
    auto const found = std::ranges::find_if(
        codes_, [&](Code const& each) { return equal_in_constant_time(each.mac, mac); });
    if (found == codes_.end())
        return std::nullopt;
    bool const is_over = found->until <= now;
    codes_.erase(found);
    if (is_over)
        return std::nullopt;
    Caller caller;
    caller.roles = Roles::all();
    caller.name = short_name("console");
    caller.sees_personal_fields = true;
    return session_of(std::move(caller), now + console_session);
}

OpenedSession TokenBook::open_guest(CustomerId guest, Instant now) {
    Caller caller;
    caller.roles = {Role::customer};
    caller.customer = guest;
    caller.sees_personal_fields = true;
    return session_of(std::move(caller), now + guest_session);
}

void TokenBook::close(std::string_view cookie) {
    auto const dot = cookie.find('.');
    if (dot == std::string_view::npos)
        return;
    if (closed_.size() >= closed_max)
        closed_.erase(closed_.begin());
    closed_.emplace_back(cookie.substr(dot + 1));
}

Result<TokenBook::Made> TokenBook::create(NewToken const& wanted, Instant now) {
    if (tokens_.size() >= tokens_max)
        return unexpected(Failure{FailureKind::full, "there are 1000 keys already: withdraw some"});
    auto secret = "ktk_" + secret_text(secret_bytes);
    auto const mac = mac_of(secret);
    KeptToken token{"tok_" + mac.substr(0, 12), wanted.name, mac, wanted.roles, wanted.scopes, now,
                    wanted.expires_at};
    tokens_.push_back(token);
    if (auto const saved = save_(text()); !saved) {
        tokens_.pop_back();
        return unexpected(saved.error());
    }
    return Made{std::move(token), std::move(secret)};
}

Result<void> TokenBook::revoke(std::string_view id) {
    auto const found = std::ranges::find(tokens_, id, &KeptToken::id);
    if (found == tokens_.end())
        return unexpected(Failure{FailureKind::not_found, "there is no such key"});
    auto const token = *found;
    auto const at = found - tokens_.begin();
    tokens_.erase(found);
    if (auto const saved = save_(text()); !saved) {
        tokens_.insert(tokens_.begin() + at, token);
        return unexpected(saved.error());
    }
    return {};
}

std::string TokenBook::make_dev_token(Instant now) {
    auto secret = "ktk_dev_" + secret_text(secret_bytes);
    of_this_process_.push_back(
        {"dev", "dev", mac_of(secret), list_of(Roles::all()), {"pii"}, now, std::nullopt});
    return secret;
}

std::string TokenBook::make_login_code(Instant now) {
    std::array<std::uint8_t, 8> random{};
    secrets_->fill(random);
    std::string code;
    for (auto const byte : random)
        code += alphabet[byte & 31];
    codes_.push_back({mac_of(code), now + code_lives});
    return code;
}

} // namespace kontor::services::gateway
