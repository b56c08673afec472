#pragma once

/// TokenBook: the keys, users and sessions of this shop. A key is shown once
/// and kept as a peppered HMAC-SHA256; a session needs no memory, for its
/// cookie carries who it is, signed. The book is one text, which the
/// composition root keeps in a file of mode 0600. Thread: one, the edge's.
/// Source: RELIABILITY section 10, API keys; RFC 2104.
///
/// Invariants: 1. No secret stands in the text.
///             2. What was withdrawn or has expired opens nothing from then on;
///             nor does a session
///                that was closed, after a restart either.

#include "services/gateway/callers.hpp"

#include "base/result.hpp"
#include "domain/values/ids.hpp"
#include "ports/secret_source.hpp"

#include <functional>
#include <span>
#include <vector>

namespace kontor::services::gateway {

using ports::SecretSource;

struct KeptToken {
    std::string id{};
    std::string name{};
    std::string mac{}; ///< base64url
    std::vector<Role> roles{};
    std::vector<std::string> scopes{};
    Instant created_at{};
    std::optional<Instant> expires_at{};
};

/// Somebody who signs in at the console.
struct KeptUser {
    std::string name{};
    std::string salt{}; ///< base64url
    std::string hash{}; ///< of the password, by scrypt; base64url
    std::vector<Role> roles{};
    std::vector<std::string> scopes{};
    Instant created_at{};
    friend bool operator==(KeptUser const&, KeptUser const&) = default;
};

class TokenBook final : public Callers {
public:
    static constexpr std::size_t tokens_max = 1000;
    static constexpr std::size_t users_max = 1000;
    /// Ids of keys that were withdrawn; at the limit the oldest are forgotten.
    static constexpr std::size_t withdrawn_max = 10'000;
    /// Sessions that were closed before their time; at the limit those are let go
    /// of that would have ended last: those of guests, so that nobody crowds out
    /// an operator's.
    static constexpr std::size_t closed_max = 10'000;
    static constexpr Duration console_session = Duration::hours(12);
    static constexpr Duration guest_session = Duration::days(30);
    static constexpr Duration code_lives = Duration::minutes(10);

    /// `save` keeps the text, atomically.
    using Save = std::function<Result<void>(std::string_view text)>;

    /// Errors: invalid (the text is no book).
    static Result<TokenBook> open(std::string pepper, std::string_view text, SecretSource& secrets,
                                  Save save);

    std::optional<Caller> by_token(std::string_view token, Instant now) override;
    std::optional<Caller> by_cookie(std::string_view cookie, Instant now) override;
    std::optional<OpenedSession> open_by_token(std::string_view token, Instant now) override;
    std::optional<OpenedSession> open_by_code(std::string_view code, Instant now) override;
    OpenedSession open_guest(CustomerId guest, Instant now) override;
    void close(std::string_view cookie, Instant now) override;

    struct NewToken {
        std::string name;
        std::vector<Role> roles;
        std::vector<std::string> scopes{};
        std::optional<Instant> expires_at{};
        std::string id{}; ///< of what asked for it, so that it is made once; empty: any
    };
    struct Made {
        KeptToken token;
        std::string secret; ///< shown once
    };
    /// A key that opens nothing until it is kept.   Errors: full (too many).
    Result<Made> make(NewToken const& wanted, Instant now);
    /// Errors: what `save` says; then it opens nothing.
    Result<void> keep(KeptToken token);
    /// Both.   Errors: as of both.
    Result<Made> create(NewToken const& wanted, Instant now);
    /// Errors: not_found, and what `save` says; then it still opens.
    Result<void> revoke(std::string_view id);
    std::vector<KeptToken> const& tokens() const { return tokens_; }
    /// Null: there is no such key.
    KeptToken const* find_token(std::string_view id) const;
    /// The id of what an idempotency key makes.
    static std::string id_of(CommandId command);
    /// Whether there is a key of this id, or was one.
    bool was_made(std::string_view id) const;

    /// Adds a user, or takes this one instead of the one of that name.
    /// Errors: full (too many), and what `save` says; then nothing has changed.
    Result<void> put_user(KeptUser user);
    /// The user's sessions end.   Errors: not_found, and what `save` says; then
    /// nothing has changed.
    Result<void> remove_user(std::string_view name);
    std::vector<KeptUser> const& users() const { return users_; }
    /// Null: nobody has this name.
    KeptUser const* find_user(std::string_view name) const;
    /// It lasts as long as the user has this password.
    OpenedSession open_user(KeptUser const& user, Instant now);
    std::string fresh_salt();

    /// A key of all roles that lives as long as this process: for a shop on one's own machine.
    std::string make_dev_token(Instant now);
    /// A one-time code that opens a session of all roles.
    std::string make_login_code(Instant now);

private:
    TokenBook(std::string pepper, SecretSource& secrets, Save save)
        : pepper_(std::move(pepper)), secrets_(&secrets), save_(std::move(save)) {}

    struct Code {
        std::string mac;
        Instant until;
    };
    struct Closed {
        std::string signature;
        Instant until; ///< then it would have ended by itself
    };
    std::string secret_text(std::size_t bytes);
    std::string mac_of(std::string_view secret) const;
    OpenedSession session_of(Caller caller, Instant until, KeptUser const* user = nullptr);
    Result<void> save_or(std::vector<KeptUser> before);
    std::string text() const;

    std::string pepper_;
    SecretSource* secrets_;
    Save save_;
    std::vector<KeptToken> tokens_;
    std::vector<KeptUser> users_; ///< by name
    std::vector<KeptToken> of_this_process_;
    std::vector<Code> codes_;
    std::vector<Closed> closed_;         ///< by when they would have ended
    std::vector<std::string> withdrawn_; ///< ids, the oldest first
};

} // namespace kontor::services::gateway
