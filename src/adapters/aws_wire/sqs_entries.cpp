#include "adapters/aws_wire/sqs_entries.hpp"

#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/sqs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kontor::aws_wire {
namespace {

using ports::QueueError;

WireError refused(QueueError error, std::string says) {
    return to_wire(ports::QueueRefusal{error, std::move(says)});
}

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= batch_id_size_max && std::ranges::all_of(id, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

} // namespace

Wired<std::string> read_batch_id(Params const& entry) {
    KONTOR_TRY(auto id, entry.needed_text("Id"));
    if (!is_id(id))
        return unexpected(
            refused(QueueError::invalid_batch_entry_id,
                    "A batch entry id can only contain alphanumeric characters, hyphens and "
                    "underscores. It can be at most 80 letters long."));
    return id;
}

Wired<std::vector<Entry>> read_entries(Params const& params) {
    KONTOR_TRY(auto const each, params.objects("Entries"));
    if (each.empty())
        return unexpected(refused(QueueError::empty_batch_request,
                                  "There should be at least one entry in the request."));
    if (each.size() > batch_entries_max)
        return unexpected(
            refused(QueueError::too_many_entries_in_batch_request,
                    fmt::format("Maximum number of entries per request are {}. You have sent {}.",
                                batch_entries_max, each.size())));
    std::vector<Entry> entries;
    std::set<std::string> ids;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto const id, read_batch_id(content));
        if (!ids.insert(id).second)
            return unexpected(refused(QueueError::batch_entry_ids_not_distinct,
                                      fmt::format("Id {} repeated.", id)));
        entries.push_back({id, content});
    }
    return entries;
}

WireError batch_too_long(std::optional<std::size_t> bytes) {
    auto says = fmt::format("Batch requests cannot be longer than {} bytes.", batch_bytes_max);
    if (bytes)
        says += fmt::format(" You have sent {} bytes.", *bytes);
    return refused(QueueError::batch_request_too_long, std::move(says));
}

void BatchAnswer::add(std::string const& id, Value done) {
    auto entry = Value::object();
    entry.set("Id", id);
    for (auto& [name, value] : done.members())
        entry.set(name, std::move(value));
    successful_.add(std::move(entry));
}

void BatchAnswer::add_failed(std::string const& id, WireError const& error) {
    auto entry = Value::object();
    entry.set("Id", id).set("SenderFault", Value::boolean(error.is_senders_fault));
    entry.set("Code", error.query_code.empty() ? error.code : error.query_code);
    entry.set("Message", error.says);
    failed_.add(std::move(entry));
}

Value BatchAnswer::take() && {
    auto answer = Value::object();
    if (!successful_.members().empty())
        answer.set("Successful", std::move(successful_));
    if (!failed_.members().empty())
        answer.set("Failed", std::move(failed_));
    return answer;
}

} // namespace kontor::aws_wire
