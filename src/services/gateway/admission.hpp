#pragma once

/// Admission: everything that is asked of a request before its route's code sees it: the caller and
/// the roles, headers, path and parameters. In the sequence in which a caller should learn of it.
/// Thread: the edge's.

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway {

/// Fills `asked`, of which `request` and `now` are set.
/// Errors: not_found, method_not_allowed, unauthenticated, forbidden, key_missing,
/// version_required, parameter_invalid, body_invalid (a reason is missing), not_acceptable,
/// unsupported_media_type.
Result<void, Trouble> admit(Parts& parts, Asked& asked);

/// The key that makes a repetition known; empty: none was sent.
/// Errors: key_missing (the route wants one), parameter_invalid (it has another form).
Result<std::string_view, Trouble> idempotency_key(Asked const& asked);

/// The id of the command that a key stands for: the same caller, route and key give the same, at
/// any time. Source: DOMAIN section 9; no time of arrival in it, for a repetition arrives later.
CommandId keyed_command(Asked const& asked, std::string_view key);
/// Of method, path and body.
commands::Fingerprint fingerprint_of(Request const& request);
commands::Fingerprint fingerprint_of(std::string_view method, std::string_view path,
                                     std::string_view body);

/// Decodes `%41`; `plus` says whether `+` is a blank. Empty: bytes that are no UTF-8 text.
std::optional<std::string> percent_decoded(std::string_view text, bool plus);

/// The value of the session's cookie; empty: there is none.
std::string_view session_cookie(Request const& request);

/// The name of the session's cookie at a listener.
std::string_view cookie_name(Listener listener);

} // namespace kontor::services::gateway
