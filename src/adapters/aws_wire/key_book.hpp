#pragma once

/// KeyBook: who may ask what over the AWS wires: an access key's secret, and globs of actions,
/// resources and event sources. Read once from a file of this form:
///
///   {"AKIDWORKSHOP": {"secret": "…", "actions": ["sqs:*"], "resources": ["*"],
///                     "sources": ["partner.*"]}}
///
/// Thread: any once it is made.   Source: MESSAGING section 7.

#include "adapters/aws_wire/signature.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

struct AccessKey {
    std::string secret{};
    std::vector<std::string> actions{};   ///< "sqs:SendMessage", "sqs:*"
    std::vector<std::string> resources{}; ///< of ARNs
    std::vector<std::string> sources{};   ///< of events that are put
};

/// Whether `*` (any run, also empty) and `?` (one byte) of the glob can make it the text.
bool meets_glob(std::string_view glob, std::string_view text);
bool meets_any(std::vector<std::string> const& globs, std::string_view text);

/// What becomes of a key that stands in no book.
enum class UnknownKeys : unsigned char {
    refused,
    taken ///< auth.dev, on loopback alone: whoever reaches the port is the developer
};

/// Who asks. A key that is unknown and taken may do everything.
struct Caller {
    std::string key_id{};
    AccessKey const* key{nullptr};

    bool may(std::string_view action, std::string_view resource) const;
    bool may_speak_as(std::string_view source) const;
};

class KeyBook {
public:
    explicit KeyBook(UnknownKeys unknown) : unknown_(unknown) {}

    /// Errors: invalid (no JSON of this form, an empty secret, a member that is not known).
    static Result<KeyBook> parse(std::string_view text, UnknownKeys unknown);

    /// Who signed the request.   Errors: an AuthRefusal, but for not_permitted.
    Result<Caller, AuthRefusal> authenticate(services::Request const& request, Instant now) const;

    std::size_t size() const { return keys_.size(); }

private:
    std::map<std::string, AccessKey, std::less<>> keys_;
    UnknownKeys unknown_;
};

} // namespace kontor::aws_wire
