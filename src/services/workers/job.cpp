#include "services/workers/job.hpp"

#include <xxhash.h>

#include <utility>

namespace kontor::services {
namespace {

commands::Fingerprint fingerprint_of(std::string_view body) {
    auto const hash = XXH3_128bits(body.data(), body.size());
    return Id128(hash.high64, hash.low64).bytes();
}

} // namespace

Result<std::optional<commands::Request<Work>>> request_of(QueueJob const& job,
                                                          std::string const& body, Instant now) {
    KONTOR_TRY(auto asked, job.read(body));
    if (!asked)
        return std::optional<commands::Request<Work>>();
    auto& [cause, work] = *asked;
    commands::Request<Work> request{.id = derive_id<CommandId>(CommandId(cause), job.queue.view()),
                                    .correlation_id = cause,
                                    .causation_id = cause,
                                    .now = now,
                                    .actor = job.actor,
                                    .work = std::move(work)};
    request.fingerprint = fingerprint_of(body);
    return std::optional(std::move(request));
}

std::string words_of(Failure const& failure) {
    return failure.where.empty() ? failure.what : failure.where + ": " + failure.what;
}

} // namespace kontor::services
