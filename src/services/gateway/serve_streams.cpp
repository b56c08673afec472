#include "services/gateway/codes.hpp"

#include "services/gateway/fact_answers.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/stock_answers.hpp"

#include "codec/event_types.hpp"
#include "platform/commands/turn.hpp"
#include "services/views/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kontor::services::gateway {
namespace {

/// Facts looked at for one page of streams; where few begin, the page ends and
/// says where.
constexpr std::size_t events_looked_at_max = 50'000;
constexpr ports::Limit events_page(4096);
/// Facts of one order of which causes are looked up.
constexpr std::size_t facts_max = 4096;

/// The last version of a stream that is not behind what is asked for; 0: there
/// was none.
Result<ports::StreamVersion, Trouble> version_as_of(Parts& parts, StreamId const& stream,
                                                    Until const& wanted) {
    ports::StreamVersion last{};
    for (;;) {
        KONTOR_TRY(auto const page,
                   or_trouble(parts.log.read_stream(stream, ports::StreamVersion(last.value() + 1),
                                                    events_page)));
        for (auto const& event : page.events) {
            if (event.version > wanted.version || wanted.is_before(event, page.commit_of(event)))
                return last;
            last = event.version;
        }
        if (page.events.size() < events_page.value())
            return last;
    }
}

/// As the rows of its read model have it.
Result<std::string, Trouble> payment_state(Parts& parts, StreamId const& stream,
                                           ports::StreamVersion version) {
    views::OrderTables rows(64);
    for (ports::StreamVersion next(1); next <= version;) {
        KONTOR_TRY(auto const page, or_trouble(parts.log.read_stream(stream, next, events_page)));
        for (auto const& event : page.events) {
            if (event.version > version)
                break;
            KONTOR_TRY(or_trouble(views::project_payment_fact(rows, event, page.commit_of(event))));
        }
        next = ports::StreamVersion(page.events.empty() ? version.value() + 1
                                                        : page.events.back().version.value() + 1);
    }
    std::string state;
    rows.payments.each(
        [&](views::PaymentRow const& row) { state = codec::to_json(gateway::answer_of(row)); });
    if (state.empty())
        return unexpected(trouble("unknown_stream"));
    return state;
}

Result<std::string, Trouble> stock_state(Parts& parts, StreamId const& stream,
                                         ports::StreamVersion version) {
    auto const dot = std::min(stream.key().find('.'), stream.key().size() - 1);
    auto const location = Location::parse(stream.key().substr(0, dot));
    auto const sku = Sku::parse(stream.key().substr(dot + 1));
    if (!location || !sku)
        return unexpected(trouble("unknown_stream"));
    StockKey const key{*location, *sku};
    KONTOR_TRY(auto const found, or_trouble(parts.catalogue.stock_item(key, version)));
    auto const* const item = std::get_if<stock::Item>(&found.state);
    if (item == nullptr)
        return unexpected(trouble("unknown_stream"));
    return codec::to_json(gateway::answer_of(key, found.version, *item));
}

/// What the facts of a stream add up to at a version.   Errors: not_found.
Result<std::string, Trouble> state_at(Parts& parts, Asked const& asked, StreamId const& stream,
                                      ports::StreamVersion version) {
    if (stream.category() == StreamCategory::order) {
        Until const until{.version = version, .position = parts.log.durable().position};
        KONTOR_TRY(auto const order, or_trouble(fold_order(parts, OrderId(stream.id()), until)));
        if (order)
            return codec::to_json(answer_of(*order), asked.personal_fields());
        return unexpected(trouble("unknown_stream"));
    }
    if (stream.category() == StreamCategory::payment)
        return payment_state(parts, stream, version);
    if (stream.category() == StreamCategory::stock)
        return stock_state(parts, stream, version);
    return unexpected(
        trouble("not_found", "only orders, payments and stock show what their facts add up to"));
}

/// A fact of an order, with what it came of.
struct Told {
    ports::RecordedEvent const* event;
    ports::RecordedCommit const* commit;

    Id128 id() const {
        return event_id(commit->header.command_id, event->index_in_command).value();
    }
};

CauseAnswer answer_of(Told const& told, std::optional<std::uint64_t> caused_by) {
    auto const* const type = codec::find_event_type(told.event->type);
    return {told.event->position.value(),
            told.event->stream,
            told.event->version.value(),
            type == nullptr ? std::string("unknown") : std::string(type->name),
            told.commit->header.occurred_at,
            told.commit->header.command_id,
            caused_by};
}

/// Everything that belongs to the same order, oldest first.
class Family {
public:
    static Result<Family, Trouble> of(Parts& parts, OrderId order) {
        Family family;
        KONTOR_TRY(family.pages_, or_trouble(pages_of_order(parts.log, order)));
        auto const durable = parts.log.durable().position;
        for (auto const& page : family.pages_)
            for (auto const& event : page.events)
                if (event.position <= durable)
                    family.told_.push_back({&event, &page.commit_of(event)});
        std::ranges::sort(family.told_, {}, [](Told const& told) { return told.event->position; });
        if (family.told_.size() > facts_max)
            family.told_.resize(facts_max);
        for (std::size_t i = 0; i < family.told_.size(); ++i) {
            family.named_.try_emplace(family.told_[i].id(), i);
            family.named_.try_emplace(family.told_[i].commit->header.command_id.value(), i);
        }
        return family;
    }

    std::optional<std::size_t> at(ports::Position position) const {
        auto const found = std::ranges::lower_bound(
            told_, position, {}, [](Told const& told) { return told.event->position; });
        if (found == told_.end() || found->event->position != position)
            return std::nullopt;
        return static_cast<std::size_t>(found - told_.begin());
    }
    /// The fact, or the first one of the command, that this one came of; empty:
    /// none of these.
    std::optional<std::size_t> cause_of(std::size_t number) const {
        auto const found = named_.find(told_[number].commit->header.causation_id);
        return found == named_.end() || found->second >= number ? std::nullopt
                                                                : std::optional(found->second);
    }
    std::vector<Told> const& told() const { return told_; }

private:
    std::vector<ports::EventPage> pages_;
    std::vector<Told> told_;
    std::map<Id128, std::size_t> named_; ///< facts by their ids, and the first of each command
};

CausesAnswer causes_in(Family const& family, std::size_t number) {
    auto const& told = family.told();
    auto const answer_at = [&](std::size_t at) {
        auto const cause = family.cause_of(at);
        return answer_of(told[at], cause ? std::optional(told[*cause].event->position.value())
                                         : std::nullopt);
    };
    CausesAnswer answer{answer_at(number), {}, {}};
    for (auto above = family.cause_of(number); above; above = family.cause_of(*above))
        answer.up.push_back(answer_at(*above));
    std::vector<bool> is_below(told.size(), false);
    is_below[number] = true;
    for (auto each = number + 1; each < told.size(); ++each) {
        auto const cause = family.cause_of(each);
        is_below[each] = cause && is_below[*cause];
        if (is_below[each])
            answer.down.push_back(answer_at(each));
    }
    return answer;
}

} // namespace

namespace code {

/// A stream begins with its first version, so the log lists them all, in the
/// sequence in which they began.
Served list_streams(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    auto const count = std::clamp<std::uint64_t>(limit.value_or(page_default), 1, page_max);
    auto const prefix = std::string(asked.parameter("prefix").value_or(std::string_view()));
    std::string items;
    std::size_t shown = 0;
    std::size_t looked_at = 0;
    for (ports::Position at(after.value_or(0));;) {
        KONTOR_TRY(auto const page, or_trouble(parts.log.read_log(at, events_page)));
        for (auto const& event : page.events) {
            at = event.position;
            if (event.version.value() != 1)
                continue;
            if (!event.stream.to_string().starts_with(prefix))
                continue;
            add_item(items, StreamAnswer{event.stream, event.position.value(),
                                         page.commit_of(event).header.occurred_at});
            if (++shown == count)
                return Answer(facts_reply(items, at < parts.log.durable().position, at.value()));
        }
        looked_at += page.events.size();
        if (page.empty() || looked_at >= events_looked_at_max)
            return Answer(facts_reply(items, !page.empty(), at.value()));
    }
}

Served show_stream_state(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const stream, path_value<StreamId>(asked, 0, "unknown_stream"));
    KONTOR_TRY(auto const wanted, until_asked(parts, asked));
    KONTOR_TRY(auto const version, version_as_of(parts, stream, wanted));
    if (version == ports::StreamVersion())
        return unexpected(trouble("unknown_stream"));
    KONTOR_TRY(auto const state, state_at(parts, asked, stream, version));
    auto body = fmt::format(R"({{"stream":"{}","version":{},"state":{})", stream.to_string(),
                            version.value(), state);
    if (version.value() > 1) {
        KONTOR_TRY(auto const before,
                   state_at(parts, asked, stream, ports::StreamVersion(version.value() - 1)));
        body += R"(,"before":)" + before;
    }
    return Answer(json_reply(200, body + "}"));
}

Served show_causes(Parts& parts, Asked& asked) {
    auto const position = number_in(asked.path[0]).value_or(0);
    if (position == 0 || position > parts.log.durable().position.value())
        return unexpected(trouble("not_found", "the log has no such position"));
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_log(ports::Position(position - 1), ports::Limit(1))));
    auto const found =
        std::ranges::find(page.events, ports::Position(position), &ports::RecordedEvent::position);
    if (found == page.events.end())
        return unexpected(trouble("not_found", "the log has no such position"));
    auto const& commit = page.commit_of(*found);
    KONTOR_TRY(auto const family, Family::of(parts, OrderId(commit.header.correlation_id)));
    if (auto const fact = family.at(found->position))
        return Answer(json_reply(200, causes_in(family, *fact)));
    CausesAnswer answer{};
    answer.fact = answer_of(Told{&*found, &commit}, std::nullopt);
    return Answer(json_reply(200, answer));
}

} // namespace code
} // namespace kontor::services::gateway
