#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/sign_in.hpp"
#include "services/gateway/token_book.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

UserAnswer answer_of(KeptUser const& user) {
    return {user.name, user.roles, user.scopes, user.created_at};
}

/// A user as the audit record has one: of the password only that it is a new one.
std::optional<std::string> if_known(KeptUser const& user, bool has_new_password = false) {
    auto text = codec::to_json(answer_of(user));
    if (has_new_password)
        text.insert(text.size() - 1, R"(,"password":"changed")");
    return text;
}

Result<TokenBook*, Trouble> book_of(Parts& parts) {
    if (parts.tokens == nullptr)
        return unexpected(trouble("unsupported"));
    return parts.tokens;
}

/// Empty: there is no such user.
std::optional<KeptUser> copy_of(TokenBook const& book, std::string_view name) {
    auto const* const known = book.find_user(name);
    return known == nullptr ? std::nullopt : std::optional(*known);
}

/// Small letters, digits, dots and dashes: a name that reads the same everywhere.
bool is_user_name(std::string_view name) {
    constexpr std::size_t length_max = 31; // of an actor's
    return !name.empty() && name.size() <= length_max && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

/// The user with what the body says.   Errors: body_invalid.
Result<KeptUser, Trouble> wanted_user(TokenBook const& book, Asked const& asked,
                                      PutUser const& body) {
    auto const* const known = book.find_user(asked.path[0]);
    if (known == nullptr && !body.password)
        return unexpected(bad_field("/password", "a new user needs one"));
    if (body.roles.empty() || std::ranges::find(body.roles, Role::customer) != body.roles.end())
        return unexpected(bad_field("/roles", "support, operations or service is wanted"));
    KeptUser user{};
    if (known != nullptr)
        user = *known;
    else
        user.created_at = asked.now;
    user.name = asked.path[0];
    user.roles = body.roles;
    user.scopes.clear();
    if (body.scopes)
        for (auto const& scope : *body.scopes) {
            if (scope.value != "pii")
                return unexpected(bad_field("/scopes", "the only scope is pii"));
            user.scopes.push_back(scope.value);
        }
    return user;
}

} // namespace

namespace code {

Served list_users(Parts& parts, Asked&) {
    KONTOR_TRY(auto const* const book, book_of(parts));
    std::vector<UserAnswer> answers;
    for (auto const& user : book->users())
        answers.push_back(answer_of(user));
    return Answer(list_reply(answers));
}

Served put_user(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const book, book_of(parts));
    KONTOR_TRY(auto const body, body_of<PutUser>(asked));
    if (!is_user_name(asked.path[0]))
        return unexpected(trouble(
            "not_found", "a user is called by 1 to 31 small letters, digits, dots, dashes"));
    KONTOR_TRY(auto user, wanted_user(*book, asked, body));
    if (body.password) {
        KONTOR_TRY(auto const password, hashed(parts, asked, body.password->value));
        if (!password)
            return Answer(NotYet{});
        user.salt = password->salt;
        user.hash = password->hash;
    }
    auto const read = copy_of(*book, user.name);
    auto const before = read ? if_known(*read) : std::nullopt;
    auto after = if_known(user, body.password.has_value());
    auto const put = [book, user, read]() -> Result<Reply, Trouble> {
        if (copy_of(*book, user.name) != read) // who was removed meanwhile does not come back
            return unexpected(retry(trouble("conflict")));
        KONTOR_TRY(or_trouble(book->put_user(user)));
        return json_reply(200, answer_of(user));
    };
    return after_note(asked, {before, std::move(after), put});
}

Served remove_user(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const book, book_of(parts));
    auto const* const known = book->find_user(asked.path[0]);
    if (known == nullptr)
        return unexpected(trouble("not_found", "there is no such user"));
    auto const remove = [book, name = asked.path[0]]() -> Result<Reply, Trouble> {
        KONTOR_TRY(or_trouble(book->remove_user(name)));
        Reply reply;
        reply.status = 204;
        return reply;
    };
    return after_note(asked, {if_known(*known), std::nullopt, remove});
}

} // namespace code
} // namespace kontor::services::gateway
