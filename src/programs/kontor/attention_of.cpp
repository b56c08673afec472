#include "programs/kontor/attention_of.hpp"

#include "codec/events.hpp"
#include "platform/projections/list_text.hpp"
#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/open_log.hpp"
#include "services/views/attention.hpp"

#include <map>

namespace kontor::programs {
namespace {

namespace views = services::views;

constexpr ports::Limit attention_page(8192);
using Asked = std::vector<views::AttentionRow>;

Result<void> note(Asked& asked, ports::EventPage const& page, ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const fact, codec::decode<checkout::Event>(event.type, event.payload));
    views::note_attention(asked, OrderId(event.stream.id()), std::get<checkout::Advanced>(fact),
                          page.commit_of(event).header.occurred_at);
    return {};
}

boost::json::object row_of(views::AttentionRow const& row) {
    boost::json::object shown{{"order", row.order_id.to_string()},
                              {"asked_of", projections::public_name(row.asked_of)},
                              {"about", projections::public_name(row.about)},
                              {"state", projections::public_name(row.state)},
                              {"asked_at", to_string(row.asked_at)},
                              {"times", row.times},
                              {"what", views::words_of(row.asked_of, row.about)}};
    if (row.subject)
        shown["subject"] = row.subject->view();
    if (row.until)
        shown["until"] = to_string(*row.until);
    if (row.settled_at)
        shown["settled_at"] = to_string(*row.settled_at);
    return shown;
}

} // namespace

Result<std::vector<boost::json::object>> attention_of(ports::EventStore& store, OrderId order) {
    Asked asked;
    for (std::uint64_t version = 1;;) {
        KONTOR_TRY(auto const page,
                   store.read_stream(StreamId::checkout(order), ports::StreamVersion(version),
                                     attention_page));
        if (page.empty())
            break;
        for (auto const& event : page.events)
            KONTOR_TRY(note(asked, page, event));
        version = page.events.back().version.value() + 1;
    }
    std::vector<boost::json::object> rows;
    for (auto const& row : asked)
        rows.push_back(row_of(row));
    return rows;
}

void show_attention(Program& program, std::vector<boost::json::object> const& rows) {
    if (rows.empty())
        return;
    program.output.say("");
    program.output.rows({{"asked of", "asked_of"},
                         {"state", "state"},
                         {"asked at", "asked_at"},
                         {"until", "until"},
                         {"what", "what"}},
                        rows);
}

Outcome list_attention(Program& program, ports::EventStore& store, std::size_t limit) {
    std::map<OrderId, Asked> asked;
    auto const see = [&](ports::EventPage const& page, ports::RecordedEvent const& event) {
        return event.stream.category() == StreamCategory::checkout
                   ? note(asked[OrderId(event.stream.id())], page, event)
                   : Result<void>();
    };
    KONTOR_TRY(see_log(store, see));
    std::vector<boost::json::object> rows;
    std::size_t open = 0;
    for (auto const& [order, of_order] : asked)
        for (auto const& row : of_order) {
            if (row.state != views::AttentionState::open)
                continue;
            if (++open <= limit)
                rows.push_back(row_of(row));
        }
    program.output.rows({{"order", "order"},
                         {"asked of", "asked_of"},
                         {"asked at", "asked_at"},
                         {"until", "until"},
                         {"what", "what"}},
                        rows);
    if (open == 0)
        program.output.say("Nobody is asked for anything.");
    say_of_more(program.output, rows.size(), open, "questions");
    return ExitCode::ok;
}

} // namespace kontor::programs
