#pragma once

/// MailDesk: the letters that a shop without a mail server keeps to be looked at. The composition
/// root knows the outbox and implements this.   Thread: the edge's.

#include "base/instant.hpp"
#include "domain/values/id128.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct ShownMail {
    Id128 id;
    std::string to;
    std::string to_name; ///< empty: none
    std::string subject;
    std::string text;
    Instant written_at;
    std::uint32_t times{1}; ///< so often it was handed in
    Id128 person{};         ///< who is forgotten with it; nil: nobody
};

class MailDesk {
public:
    virtual ~MailDesk() = default;
    /// The latest first.
    virtual std::vector<ShownMail> letters(std::size_t up_to) const = 0;
    virtual std::optional<ShownMail> find(Id128 id) const = 0;
};

} // namespace kontor::services::gateway
