#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/store_desk.hpp"

#include <fmt/format.h>

namespace kontor::services::gateway {
namespace {

Result<StoreDesk*, Trouble> store_of(Parts const& parts) {
    if (parts.store == nullptr)
        return unexpected(trouble("unsupported"));
    return parts.store;
}

BackupAnswer answer_of(BackupStanding const& standing) {
    BackupAnswer answer{};
    answer.state = standing.state;
    answer.directory = if_said(standing.directory);
    answer.began_at = standing.began_at;
    answer.ended_at = standing.ended_at;
    answer.segments_done = standing.segments_done;
    answer.segments = standing.segments;
    answer.last_position = standing.last_position;
    answer.keys = standing.has_keys;
    answer.verified = standing.state == BackupState::done;
    if (standing.problem) {
        answer.code = fmt::format("E{:04}", (*standing.problem)->code);
        answer.name = std::string((*standing.problem)->name);
        answer.remedy = std::string((*standing.problem)->remedy);
    }
    answer.why = if_said(standing.why);
    return answer;
}

} // namespace

namespace code {

Served show_store(Parts& parts, Asked&) {
    KONTOR_TRY(auto* const store, store_of(parts));
    KONTOR_TRY(auto const measured, or_trouble(store->figures()));
    if (!measured)
        return Answer(NotYet{});
    auto const& figures = *measured;
    StoreAnswer answer{};
    answer.directory = figures.directory;
    answer.last_position = parts.log.durable().position.value();
    answer.lineage = parts.lineage;
    answer.segments = figures.segments;
    answer.segments_dense = figures.segments_dense;
    answer.segments_cold = figures.segments_cold;
    answer.log_bytes = figures.log_bytes;
    answer.file_system = figures.file_system;
    answer.durability = figures.durability;
    answer.free_bytes = figures.free_bytes;
    answer.room = figures.room;
    answer.what_to_do = if_said(figures.what_to_do);
    return Answer(json_reply(200, answer));
}

Served back_up_store(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<BackUpStore>(asked));
    KONTOR_TRY(auto* const store, store_of(parts));
    if (!body.directory.value.starts_with('/'))
        return unexpected(
            bad_field("/directory", "a directory of the server is wanted, from / on"));
    BackupWish const wish{body.directory.value, body.with_keys.value_or(false),
                          std::string(asked.actor().id.view())};
    KONTOR_TRY(store->may_back_up(wish));
    auto const begin = [store, wish]() -> Result<Reply, Trouble> {
        KONTOR_TRY(store->back_up(wish));
        auto reply = json_reply(202, answer_of(store->backup()));
        reply.headers.add("Location", "/v1/ops/store/backup");
        return reply;
    };
    return after_note(asked, {std::nullopt, codec::to_json(body), begin});
}

Served show_backup(Parts& parts, Asked&) {
    KONTOR_TRY(auto* const store, store_of(parts));
    return Answer(json_reply(200, answer_of(store->backup())));
}

Served stop_backup(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const store, store_of(parts));
    auto const stop = [store]() -> Result<Reply, Trouble> {
        store->stop_backup();
        return json_reply(200, answer_of(store->backup()));
    };
    return after_note(asked, {codec::to_json(answer_of(store->backup())), std::nullopt, stop});
}

} // namespace code
} // namespace kontor::services::gateway
