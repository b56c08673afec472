#include "adapters/aws_wire/key_book.hpp"

#include "adapters/aws_wire/json_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kontor::aws_wire {
namespace {

constexpr std::array<std::string_view, 4> services_here{"sqs", "sns", "events", "sts"};

Unexpected<Failure> malformed(std::string what, std::string_view where) {
    return unexpected(Failure{FailureKind::invalid, std::move(what), std::string(where)});
}

Result<std::vector<std::string>> read_globs(Value const& value, std::string const& where) {
    std::vector<std::string> globs;
    if (value.kind() != ValueKind::list)
        return malformed("a list of texts is wanted", where);
    for (auto const& item : value.members()) {
        if (item.value.kind() != ValueKind::text)
            return malformed("a list of texts is wanted", where);
        globs.push_back(item.value.text());
    }
    return globs;
}

Result<AccessKey> read_key(Value const& value, std::string const& id) {
    AccessKey key;
    if (value.kind() != ValueKind::object)
        return malformed("an object is wanted", id);
    for (auto const& [name, content] : value.members()) {
        auto const where = fmt::format("{}.{}", id, name);
        auto* const globs = name == "actions"     ? &key.actions
                            : name == "resources" ? &key.resources
                            : name == "sources"   ? &key.sources
                                                  : nullptr;
        if (name == "secret" && content.kind() == ValueKind::text) {
            key.secret = content.text();
        } else if (globs != nullptr) {
            KONTOR_TRY(*globs, read_globs(content, where));
        } else {
            return malformed("a key has secret, actions, resources and sources", where);
        }
    }
    if (key.secret.empty())
        return malformed("a key needs a secret", id);
    return key;
}

} // namespace

bool meets_glob(std::string_view glob, std::string_view text) {
    std::size_t g = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos; // the last `*`, and how far it reached
    std::size_t reached = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            reached = t;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++reached;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool meets_any(std::vector<std::string> const& globs, std::string_view text) {
    return std::ranges::any_of(globs, [&](auto const& glob) { return meets_glob(glob, text); });
}

bool Caller::may(std::string_view action, std::string_view resource) const {
    return key == nullptr ||
           (meets_any(key->actions, action) && meets_any(key->resources, resource));
}

bool Caller::may_speak_as(std::string_view source) const {
    return key == nullptr || meets_any(key->sources, source);
}

Result<KeyBook> KeyBook::parse(std::string_view text, UnknownKeys unknown) {
    KONTOR_TRY(auto const root, read_json(text));
    KeyBook book(unknown);
    for (auto const& [id, value] : root.members()) {
        KONTOR_TRY(auto key, read_key(value, id));
        book.keys_[id] = std::move(key);
    }
    return book;
}

Result<Caller, AuthRefusal> KeyBook::authenticate(services::Request const& request,
                                                  Instant now) const {
    KONTOR_TRY(auto const claim, read_claim(request, now));
    if (std::ranges::find(services_here, claim.service) == services_here.end())
        return unexpected(AuthRefusal{AuthFault::scope_wrong,
                                      fmt::format("Credential should be scoped to a service of "
                                                  "this endpoint, not '{}'.",
                                                  claim.service)});
    Caller caller{std::string(claim.key_id), nullptr};
    auto const found = keys_.find(claim.key_id);
    if (found == keys_.end()) {
        if (unknown_ == UnknownKeys::refused)
            return unexpected(AuthRefusal{AuthFault::key_unknown,
                                          "The security token included in the request is "
                                          "invalid."});
        return caller;
    }
    KONTOR_TRY(verify(request, claim, found->second.secret));
    caller.key = &found->second;
    return caller;
}

} // namespace kontor::aws_wire
