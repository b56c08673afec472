#pragma once

/// Callers: who is asking. The gateway shows what the request brought, a bearer token or a session
/// cookie, and is told who that is.   Thread: the edge's.

#include "services/gateway/roles.hpp"

#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "domain/values/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

struct Caller {
    Roles roles{};                        ///< none: the public
    std::optional<CustomerId> customer{}; ///< of role customer: whose things these are
    InlineText<31> name{};                ///< of whoever is no customer: stands in the facts
    std::string scope{};                  ///< distinguishes callers: keys, limits, cursors
    bool sees_personal_fields{false};     ///< scope `pii`
    std::string csrf{};                   ///< of a session; empty: it is none
    std::optional<Instant> expires_at{};

    bool is_known() const { return !roles.empty(); }
    /// Nothing but a customer: sees own things alone.
    bool is_customer_only() const { return roles == Roles{Role::customer}; }
};

/// A session as the browser gets it.
struct OpenedSession {
    std::string cookie{};
    Caller caller{};
};

class Callers {
public:
    virtual ~Callers() = default;

    /// Empty: unknown, expired or withdrawn.
    virtual std::optional<Caller> by_token(std::string_view token, Instant now) = 0;
    virtual std::optional<Caller> by_cookie(std::string_view cookie, Instant now) = 0;

    /// A session in exchange for a token or a one-time code.   Empty: as above.
    virtual std::optional<OpenedSession> open_by_token(std::string_view token, Instant now) = 0;
    virtual std::optional<OpenedSession> open_by_code(std::string_view code, Instant now) = 0;
    virtual OpenedSession open_guest(CustomerId guest, Instant now) = 0;
    /// The session opens nothing any more.
    virtual void close(std::string_view cookie, Instant now) = 0;
};

} // namespace kontor::services::gateway
