#include "services/gateway/fact_stream.hpp"

#include "services/gateway/codes.hpp"
#include "services/gateway/fact_answers.hpp"
#include "services/gateway/order_answers.hpp"

#include "codec/event_types.hpp"

#include <fmt/format.h>

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit stream_page(256);

} // namespace

std::optional<std::string> FactStream::next(std::size_t bytes_max) {
    std::string out;
    auto const end = log_.durable().position;
    if (!std::exchange(has_begun_, true))
        out = fmt::format("event: hello\ndata: {{\"position\":{}}}\n\n", end.value());
    if (end.value() > wanted_.after.value() + behind_max) {
        out += fmt::format("id: {}\nevent: gap\ndata: {{\"from\":{},\"to\":{}}}\n\n", end.value(),
                           wanted_.after.value() + 1, end.value());
        wanted_.after = end;
    }
    if (wanted_.after < end)
        if (auto const read = read_on(out, bytes_max); !read)
            return std::nullopt; // the client comes back with the last id it has seen
    auto const now = clock_.monotonic();
    if (out.empty() && now - spoke_at_ >= quiet_max)
        out = ": still here\n\n";
    if (!out.empty())
        spoke_at_ = now;
    return out;
}

Result<void> FactStream::read_on(std::string& out, std::size_t bytes_max) {
    KONTOR_TRY(auto const page, log_.read_log(wanted_.after, stream_page));
    for (auto const& event : page.events) {
        auto const& commit = page.commit_of(event);
        KONTOR_TRY(bool const wanted, is_wanted(event, commit));
        if (wanted) {
            auto text = fmt::format("id: {}\nevent: fact\ndata: ", event.position.value());
            KONTOR_TRY(append_fact(text, event, commit, wanted_.view));
            text += "\n\n";
            // One that is larger than the room goes out alone: none is cut or left out.
            if (!out.empty() && out.size() + text.size() > bytes_max)
                return {};
            out += text;
        }
        wanted_.after = event.position;
    }
    return {};
}

Result<bool> FactStream::is_wanted(ports::RecordedEvent const& event,
                                   ports::RecordedCommit const& commit) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr)
        return false;
    if (!wanted_.sees_internal && type->visibility != codec::Visibility::public_)
        return false;
    if (wanted_.type && type->name != *wanted_.type)
        return false;
    if (wanted_.stream && event.stream != *wanted_.stream)
        return false;
    if (wanted_.pattern) {
        KONTOR_TRY(bool const is_met, wanted_.pattern->is_met(event, commit));
        if (!is_met)
            return false;
    }
    if (!wanted_.customer)
        return true;
    switch (event.stream.category()) {
    case StreamCategory::order: return is_own(OrderId(event.stream.id()));
    case StreamCategory::payment:
    case StreamCategory::fulfilment: return is_own(OrderId(commit.header.correlation_id));
    case StreamCategory::stock:
    case StreamCategory::reservation:
    case StreamCategory::checkout:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::customer:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return false;
    }
    KONTOR_UNREACHABLE();
}

Result<bool> FactStream::is_own(OrderId order) {
    if (auto const known = owners_.find(order); known != owners_.end())
        return known->second;
    KONTOR_TRY(auto const owner, owner_of(log_, order));
    bool const own = owner && owner->customer == wanted_.customer;
    if (owners_.size() >= owners_max)
        owners_.clear();
    owners_.emplace(order, own);
    return own;
}

std::string FactStream::farewell() {
    return "event: bye\ndata: {}\n\n";
}

namespace code {

Served stream_facts(Parts& parts, Asked& asked) {
    FactStream::Wanted wanted;
    wanted.after = parts.log.durable().position;
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    if (after)
        wanted.after = ports::Position(*after);
    auto const last = asked.request->header("last-event-id");
    if (!last.empty()) {
        auto const position = number_in(last);
        if (!position)
            return unexpected(bad_parameter("Last-Event-ID", "it is no position"));
        wanted.after = ports::Position(*position);
    }
    KONTOR_TRY(check_not_ahead(parts, wanted.after));
    if (auto const pattern = asked.parameter("pattern")) {
        KONTOR_TRY(wanted.pattern, FactPattern::of(*pattern));
    }
    if (auto const type = asked.parameter("type"))
        wanted.type = std::string(*type);
    KONTOR_TRY(wanted.stream, parsed_parameter<StreamId>(asked, "stream"));
    wanted.sees_internal = asked.caller.roles.has_any_of({Role::support, Role::operations});
    wanted.view = view_of(parts, asked);
    if (!asked.sees_all())
        wanted.customer = asked.caller.customer.value_or(CustomerId());
    Reply reply;
    reply.headers.add("Content-Type", "text/event-stream");
    reply.headers.add("Cache-Control", "no-store");
    reply.stream = std::make_unique<FactStream>(parts.log, parts.clock, std::move(wanted));
    return Answer(std::move(reply));
}

} // namespace code
} // namespace kontor::services::gateway
