#include "services/gateway/token_book.hpp"

#include "services/gateway/digests.hpp"

#include "codec/json.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t csrf_bytes = 16;
constexpr std::size_t salt_bytes = 16;
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

/// A user as the file has it.
struct StoredUser {
    std::string name;
    std::string salt;
    std::string hash;
    std::vector<Role> roles;
    std::vector<std::string> scopes;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(StoredUser, (), (name, salt, hash, roles, scopes, created_at))
static_assert(describes_every_field<StoredUser>());

/// A session that was closed before its time.
struct StoredClosed {
    std::string signature;
    Instant until;
};
BOOST_DESCRIBE_STRUCT(StoredClosed, (), (signature, until))
static_assert(describes_every_field<StoredClosed>());

struct StoredBook {
    std::vector<StoredToken> tokens;
    std::optional<std::vector<StoredClosed>> closed{};
    std::optional<std::vector<StoredUser>> users{};
    std::optional<std::vector<std::string>> withdrawn{};
};
BOOST_DESCRIBE_STRUCT(StoredBook, (), (tokens, closed, users, withdrawn))
static_assert(describes_every_field<StoredBook>());

/// What a session's cookie says.
struct SessionClaims {
    std::vector<Role> roles;
    std::optional<CustomerId> customer;
    std::string name;
    bool pii;
    std::string csrf;
    Instant until;
    std::optional<std::string> password{}; ///< of a user: which one it was opened with
};
BOOST_DESCRIBE_STRUCT(SessionClaims, (), (roles, customer, name, pii, csrf, until, password))
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

bool has_pii(std::vector<std::string> const& scopes) {
    return std::ranges::find(scopes, "pii") != scopes.end();
}

Caller caller_of(KeptToken const& token) {
    Caller caller;
    caller.roles = set_of(token.roles);
    caller.name = short_name(token.name);
    caller.scope = token.id;
    caller.sees_personal_fields = has_pii(token.scopes);
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

/// Tells passwords of one user apart, and says nothing of them.
std::string password_mark(KeptUser const& user) {
    constexpr std::size_t letters = 12;
    std::array<std::string_view, 2> const parts{"password mark", user.hash};
    return base64url(as_text(sha256(parts))).substr(0, letters);
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
    for (auto& [signature, until] : stored.closed.value_or(std::vector<StoredClosed>()))
        book.closed_.push_back({std::move(signature), until});
    for (auto& user : stored.users.value_or(std::vector<StoredUser>()))
        book.users_.push_back({std::move(user.name), std::move(user.salt), std::move(user.hash),
                               std::move(user.roles), std::move(user.scopes), user.created_at});
    book.withdrawn_ = std::move(stored.withdrawn).value_or(std::vector<std::string>());
    return book;
}

std::string TokenBook::text() const {
    StoredBook stored;
    for (auto const& token : tokens_)
        stored.tokens.push_back({token.id, token.name, token.mac, token.roles, token.scopes,
                                 token.created_at, token.expires_at});
    stored.closed.emplace();
    for (auto const& [signature, until] : closed_)
        stored.closed->push_back({signature, until});
    stored.users.emplace();
    for (auto const& user : users_)
        stored.users->push_back(
            {user.name, user.salt, user.hash, user.roles, user.scopes, user.created_at});
    stored.withdrawn = withdrawn_;
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
        std::ranges::find(closed_, signature, &Closed::signature) != closed_.end())
        return std::nullopt;
    auto const claims = codec::from_json<SessionClaims>(claims_text, codec::UnknownKeys::skipped);
    if (!claims || claims->until <= now)
        return std::nullopt;
    Caller caller;
    caller.roles = set_of(claims->roles);
    if (claims->password) {
        auto const* const user = find_user(claims->name);
        if (user == nullptr || password_mark(*user) != *claims->password)
            return std::nullopt;
        caller.roles = set_of(user->roles);
    }
    caller.customer = claims->customer;
    caller.name = short_name(claims->name);
    caller.scope = claims->customer ? claims->customer->to_string() : "session " + claims->name;
    caller.sees_personal_fields = claims->pii;
    caller.csrf = claims->csrf;
    caller.expires_at = claims->until;
    return caller;
}

OpenedSession TokenBook::session_of(Caller caller, Instant until, KeptUser const* user) {
    caller.csrf = secret_text(csrf_bytes);
    caller.expires_at = until;
    auto const claims = codec::to_json(
        SessionClaims{list_of(caller.roles), caller.customer, std::string(caller.name.view()),
                      caller.sees_personal_fields, caller.csrf, until,
                      user == nullptr ? std::nullopt : std::optional(password_mark(*user))});
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

void TokenBook::close(std::string_view cookie, Instant now) {
    auto const caller = by_cookie(cookie, now);
    if (!caller)
        return; // it opens nothing as it is
    std::erase_if(closed_, [&](Closed const& closed) { return closed.until <= now; });
    Closed closed{std::string(cookie.substr(cookie.find('.') + 1)), *caller->expires_at};
    auto const at = std::ranges::upper_bound(closed_, closed.until, {}, &Closed::until);
    closed_.insert(at, std::move(closed));
    if (closed_.size() > closed_max)
        closed_.pop_back();
    // Where it cannot be kept it is closed all the same, until the process ends.
    [[maybe_unused]] auto const saved = save_(text());
}

Result<TokenBook::Made> TokenBook::make(NewToken const& wanted, Instant now) {
    if (tokens_.size() >= tokens_max)
        return unexpected(Failure{FailureKind::full, "there are 1000 keys already: withdraw some"});
    auto secret = "ktk_" + secret_text(secret_bytes);
    auto const mac = mac_of(secret);
    auto const id = wanted.id.empty() ? "tok_" + mac.substr(0, 12) : wanted.id;
    KeptToken token{id, wanted.name, mac, wanted.roles, wanted.scopes, now, wanted.expires_at};
    return Made{std::move(token), std::move(secret)};
}

Result<void> TokenBook::keep(KeptToken token) {
    tokens_.push_back(std::move(token));
    auto saved = save_(text());
    if (!saved)
        tokens_.pop_back();
    return saved;
}

Result<TokenBook::Made> TokenBook::create(NewToken const& wanted, Instant now) {
    KONTOR_TRY(auto made, make(wanted, now));
    KONTOR_TRY(keep(made.token));
    return made;
}

std::string TokenBook::id_of(CommandId command) {
    constexpr std::size_t letters = 16;
    auto const text = command.to_string();
    std::string_view const parts[] = {"token", text};
    return "tok_" + base64url(as_text(sha256(parts))).substr(0, letters);
}

bool TokenBook::was_made(std::string_view id) const {
    return find_token(id) != nullptr || std::ranges::find(withdrawn_, id) != withdrawn_.end();
}

KeptToken const* TokenBook::find_token(std::string_view id) const {
    auto const found = std::ranges::find(tokens_, id, &KeptToken::id);
    return found == tokens_.end() ? nullptr : &*found;
}

Result<void> TokenBook::revoke(std::string_view id) {
    auto const found = std::ranges::find(tokens_, id, &KeptToken::id);
    if (found == tokens_.end())
        return unexpected(Failure{FailureKind::not_found, "there is no such key"});
    auto const token = *found;
    auto const at = found - tokens_.begin();
    auto const withdrawn = withdrawn_;
    tokens_.erase(found);
    withdrawn_.push_back(token.id);
    if (withdrawn_.size() > withdrawn_max)
        withdrawn_.erase(withdrawn_.begin());
    if (auto const saved = save_(text()); !saved) {
        tokens_.insert(tokens_.begin() + at, token);
        withdrawn_ = withdrawn;
        return unexpected(saved.error());
    }
    return {};
}

KeptUser const* TokenBook::find_user(std::string_view name) const {
    auto const found = std::ranges::lower_bound(users_, name, {}, &KeptUser::name);
    return found == users_.end() || found->name != name ? nullptr : &*found;
}

OpenedSession TokenBook::open_user(KeptUser const& user, Instant now) {
    Caller caller;
    caller.roles = set_of(user.roles);
    caller.name = short_name(user.name);
    caller.scope = "session " + user.name;
    caller.sees_personal_fields = has_pii(user.scopes);
    return session_of(std::move(caller), now + console_session, &user);
}

std::string TokenBook::fresh_salt() {
    return secret_text(salt_bytes);
}

Result<void> TokenBook::save_or(std::vector<KeptUser> before) {
    auto saved = save_(text());
    if (!saved)
        users_ = std::move(before);
    return saved;
}

Result<void> TokenBook::put_user(KeptUser user) {
    auto before = users_;
    auto const at = std::ranges::lower_bound(users_, user.name, {}, &KeptUser::name);
    if (at != users_.end() && at->name == user.name)
        *at = std::move(user);
    else if (users_.size() >= users_max)
        return unexpected(Failure{FailureKind::full, "there are 1000 users already: remove some"});
    else
        users_.insert(at, std::move(user));
    return save_or(std::move(before));
}

Result<void> TokenBook::remove_user(std::string_view name) {
    auto before = users_;
    if (std::erase_if(users_, [&](KeptUser const& user) { return user.name == name; }) == 0)
        return unexpected(Failure{FailureKind::not_found, "there is no such user"});
    return save_or(std::move(before));
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
