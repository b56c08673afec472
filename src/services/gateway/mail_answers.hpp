#pragma once

/// What the shop answers about letters in its outbox: as answers.hpp, under the same rule.

#include "domain/values/id128.hpp"
#include "domain/values/personal.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <optional>
#include <string>

namespace kontor::services::gateway {

struct MailAnswer {
    Id128 id;
    Instant written_at;
    std::string subject;
    Personal<std::string> to;
    std::optional<Personal<std::string>> to_name;
    std::uint32_t times;                       ///< so often it was handed in
    std::optional<Personal<std::string>> text; ///< of one letter alone
};
BOOST_DESCRIBE_STRUCT(MailAnswer, (), (id, written_at, subject, to, to_name, times, text))
static_assert(describes_every_field<MailAnswer>());

} // namespace kontor::services::gateway
