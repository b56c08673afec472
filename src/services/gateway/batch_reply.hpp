#pragma once

/// The answer to a batch: 207 with a result for each item, in their sequence.

#include "services/gateway/seams/trouble.hpp"

namespace kontor::services::gateway {

Reply batch_reply(std::vector<Result<Reply, Trouble>> const& replies, ProblemPlace const& place);

} // namespace kontor::services::gateway
