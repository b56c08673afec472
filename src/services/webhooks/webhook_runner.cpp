#include "services/webhooks/webhook_runner.hpp"

#include "base/characters.hpp"
#include "codec/events.hpp"
#include "platform/messaging/router/public_facts.hpp"
#include "platform/processes/what_is_open.hpp"
#include "platform/webhooks/retry_plan.hpp"
#include "services/webhooks/cloud_event.hpp"

#include "codec/event_types.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::services::hooks {
namespace {

Actor const webhooks_actor{ActorKind::service, InlineText<31>("webhooks")};

bool is_of(StreamId const& stream, WebhookId webhook) {
    return stream.category() == StreamCategory::webhook && stream.id() == webhook.value();
}

} // namespace

struct WebhookRunner::Shown {
    ports::EventPage const& page;
    bool was_asked{false};
    std::string envelope{}; ///< empty: it is no public fact
};

WebhookRunner::WebhookRunner(WebhookParts const& parts)
    : store_(parts.store), clock_(parts.clock), client_(parts.client), sender_(parts.sender),
      secrets_(parts.secrets), figures_(parts.figures) {
    KONTOR_ASSERT(sender_.at_once_max() >= calls_max, "{} calls for {} lanes",
                  sender_.at_once_max(), webhooks_max);
}

Result<void> WebhookRunner::recover() {
    auto const look = [this](ports::EventPage const& page, ports::RecordedEvent const& event) {
        return see(page, event, true);
    };
    KONTOR_TRY(position_,
               processes::catch_up(
                   store_, ports::Limit(page_events_max), [this] { lanes_.clear(); }, look));
    publish();
    return {};
}

Result<WorkDone> WebhookRunner::do_work(WorkBudget budget) {
    auto const events_max = std::min(budget.items_max, page_events_max);
    take_answers();
    KONTOR_TRY(auto const seen, processes::follow(store_, position_, ports::Limit(events_max),
                                                  [this](ports::EventPage const& page,
                                                         ports::RecordedEvent const& event) {
                                                      return see(page, event, false);
                                                  }));
    KONTOR_TRY(auto const read, read_for_lanes(events_max));
    auto const heard = hear();
    KONTOR_TRY(auto const started, start_due());
    auto const kept = keep_pages();
    std::erase_if(lanes_, [](auto const& each) { return each.second.lane.has_ended(); });
    publish();
    return WorkDone{seen + read + heard + started + kept};
}

/// What webhooks say of themselves, and in the past what was delivered to them.
Result<void> WebhookRunner::see(ports::EventPage const&, ports::RecordedEvent const& event,
                                bool is_past) {
    if (event.stream.category() == StreamCategory::webhook)
        return see_webhook(event);
    if (is_past && event.stream.category() == StreamCategory::webhook_book)
        return see_page(event);
    return {};
}

Result<void> WebhookRunner::see_webhook(ports::RecordedEvent const& event) {
    WebhookId const id(event.stream.id());
    KONTOR_TRY(auto const fact, codec::decode<webhook::Event>(event.type, event.payload));
    if (std::holds_alternative<webhook::Added>(fact))
        lanes_.insert_or_assign(id, Served{Lane(id, event.position)});
    auto const found = lanes_.find(id);
    if (found == lanes_.end())
        return {}; // shown from the middle on, and ended long ago
    found->second.lane.see(fact);
    auto const* const settings = std::holds_alternative<webhook::Added>(fact)
                                     ? &std::get<webhook::Added>(fact).settings
                                 : std::holds_alternative<webhook::Changed>(fact)
                                     ? &std::get<webhook::Changed>(fact).settings
                                     : nullptr;
    if (settings != nullptr) {
        auto wish = routing::SinglePattern::of(settings->pattern);
        found->second.wish = wish ? *std::move(wish) : nullptr;
    }
    return {};
}

/// The key of a book is the webhook's id, a full stop, and its number.
Result<void> WebhookRunner::see_page(ports::RecordedEvent const& event) {
    auto const key = event.stream.key();
    auto const stop = key.find('.');
    KONTOR_TRY(auto const id, Id128::parse(key.substr(0, stop)));
    std::uint32_t book = 0;
    std::from_chars(key.data() + stop + 1, key.data() + key.size(), book);
    KONTOR_TRY(auto const fact, codec::decode<webhook_book::Event>(event.type, event.payload));
    auto const found = lanes_.find(WebhookId(id));
    if (found != lanes_.end())
        found->second.lane.take_up(std::get<webhook_book::PageKept>(fact), book,
                                   event.version.value());
    return {};
}

/// Lanes that stand at one place read on together; places take turns, so that one that is far
/// behind comes nearer and keeps nobody waiting.
std::optional<ports::Position> WebhookRunner::next_to_read() {
    std::optional<ports::Position> first;
    std::optional<ports::Position> next;
    for (auto const& [id, served] : lanes_) {
        auto const read = served.lane.read();
        if (!served.lane.may_read() || read >= position_)
            continue;
        if (!first || read < *first)
            first = read;
        if (read > read_last_ && (!next || read < *next))
            next = read;
    }
    return next ? next : first;
}

Result<std::size_t> WebhookRunner::read_for_lanes(std::size_t events_max) {
    auto const from = next_to_read();
    if (!from)
        return std::size_t{0};
    KONTOR_TRY(auto const page, store_.read_log(*from, ports::Limit(events_max)));
    std::size_t shown = 0;
    for (auto const& event : page.events) {
        if (event.position > position_)
            break;
        KONTOR_TRY(show(page, event));
        ++shown;
    }
    read_last_ = ports::Position(from->value() + shown);
    return shown;
}

/// To all lanes whose next fact it is.
Result<void> WebhookRunner::show(ports::EventPage const& page, ports::RecordedEvent const& event) {
    Shown shown{page};
    auto const now = clock_.now();
    for (auto& [id, served] : lanes_) {
        auto& lane = served.lane;
        if (lane.read().value() + 1 != event.position.value() || !lane.may_read())
            continue;
        if (is_of(event.stream, id)) {
            KONTOR_TRY(auto const fact, codec::decode<webhook::Event>(event.type, event.payload));
            if (auto const* const asked = std::get_if<webhook::ResendAsked>(&fact))
                lane.want(asked->position, now);
            lane.pass(event.position, std::holds_alternative<webhook::Tested>(fact), now);
            continue;
        }
        if (!shown.was_asked) {
            shown.was_asked = true;
            KONTOR_TRY(auto const as_event, router::show({}, event, page.commit_of(event)));
            shown.envelope = as_event.event ? as_event.event->envelope : std::string();
        }
        bool const is_wanted = !shown.envelope.empty() && served.wish != nullptr &&
                               served.wish->may_meet(shown.envelope);
        lane.pass(event.position, is_wanted, now);
    }
    return {};
}

/// What receivers have said.
std::size_t WebhookRunner::hear() {
    ended_.clear();
    sender_.collect(ended_);
    for (auto const& each : ended_) {
        auto const found = calls_.find(each.ticket);
        KONTOR_ASSERT(found != calls_.end(), "call {} ends twice", each.ticket);
        settle(found->second, each.answer);
        calls_.erase(found);
    }
    return ended_.size();
}

void WebhookRunner::settle(Call const& call, Result<ports::WebhookAnswer> const& answer) {
    auto const found = lanes_.find(call.webhook);
    KONTOR_ASSERT(found != lanes_.end(), "a lane went away under its call");
    auto const now = clock_.now();
    Answer heard{.took = clock_.monotonic() - call.began};
    if (answer) {
        heard.status = answer->status;
        heard.text = printable(answer->body, answer_shown_max);
        heard.pause = webhooks::pause_asked(answer->retry_after, now);
    } else {
        heard.text = printable(answer.error().what, answer_shown_max);
    }
    switch (found->second.lane.settle(call.position, std::move(heard), now)) {
    case Outcome::delivered: ++counts_.delivered; return;
    case Outcome::failed: ++counts_.failed; return;
    case Outcome::exhausted: ++counts_.exhausted; return;
    case Outcome::gone: ++counts_.gone; return;
    case Outcome::dropped: ++counts_.dropped; return;
    }
    KONTOR_UNREACHABLE();
}

Result<std::size_t> WebhookRunner::start_due() {
    std::size_t started = 0;
    for (auto& [id, served] : lanes_) {
        auto const now = clock_.now();
        while (auto const position = served.lane.due(now)) {
            if (calls_.size() >= sender_.at_once_max())
                return started;
            KONTOR_TRY(start(served.lane, *position));
            ++started;
        }
    }
    return started;
}

/// Each try is signed anew, with the time of now and with every secret.
Result<void> WebhookRunner::start(Lane& lane, std::uint64_t position) {
    auto const now = clock_.now();
    lane.begin(position, now);
    KONTOR_TRY(auto const page, store_.read_log(ports::Position(position - 1), ports::Limit(1)));
    auto const found =
        std::ranges::find(page.events, ports::Position(position), &ports::RecordedEvent::position);
    auto const* const standing = lane.standing();
    if (found == page.events.end()) {
        lane.drop(position, "there is no such fact", now);
        ++counts_.dropped;
        return {};
    }
    KONTOR_TRY(auto body, cloud_event(*found, page.commit_of(*found)));
    auto const id = message_id(lane.webhook(), position);
    auto const timestamp = std::to_string(now.unix_microseconds() / 1'000'000);
    auto const keys = secrets_.signing(lane.webhook(), standing->secret, standing->rotated_at, now);
    auto signature = webhooks::signature_of({id, timestamp, body}, keys);
    calls_.emplace(++tickets_, Call{lane.webhook(), position, clock_.monotonic()});
    sender_.start({tickets_,
                   standing->settings.url,
                   {{"content-type", std::string(cloud_event_type)},
                    {"user-agent", "Kontor"},
                    {"webhook-id", id},
                    {"webhook-timestamp", timestamp},
                    {"webhook-signature", std::move(signature)}},
                   std::move(body)});
    return {};
}

std::size_t WebhookRunner::keep_pages() {
    std::size_t kept = 0;
    for (auto& [id, served] : lanes_) {
        auto page = served.lane.page(clock_.now());
        if (!page)
            continue;
        if (!keep(*std::move(page), id))
            served.lane.page_is_not_kept();
        else
            ++kept;
    }
    return kept;
}

/// False: the desk has no room now.
bool WebhookRunner::keep(PageOfLane page, WebhookId webhook) {
    constexpr std::uint64_t numbers = 100'000; // more than a book has pages
    static_assert(numbers > webhook_book::pages_max);
    bool const begins_next = page.number == webhook_book::pages_max && !page.page.ends;
    auto const command = derive_id<CommandId>(webhook, "page", page.book * numbers + page.number);
    Compound work;
    if (begins_next)
        work.commands.push_back(On<WebhookBooks>{
            {webhook, page.book + 1},
            webhook_book::KeepPage{page.page.through, page.page.waiting, {}, false}});
    if (page.disable)
        work.commands.push_back(On<Webhooks>{webhook, *page.disable});
    work.commands.insert(work.commands.begin(),
                         On<WebhookBooks>{{webhook, page.book}, std::move(page.page)});
    ShopRequest request{command,      webhook.value(), webhook.value(),
                        clock_.now(), webhooks_actor,  std::move(work),
                        {},           ++tickets_};
    if (!client_.try_submit(std::move(request)))
        return false;
    pages_.emplace(tickets_, webhook);
    return true;
}

void WebhookRunner::take_answers() {
    while (auto const answer = client_.try_answer()) {
        auto const found = pages_.find(answer->ticket);
        KONTOR_ASSERT(found != pages_.end(), "page {} is answered twice", answer->ticket);
        auto& lane = lanes_.at(found->second).lane;
        pages_.erase(found);
        if (std::holds_alternative<commands::Accepted>(answer->content))
            lane.page_is_kept(clock_.now());
        else
            lane.page_is_not_kept();
    }
}

void WebhookRunner::publish() {
    std::vector<LaneFigures> lanes;
    auto const end = store_.durable().position.value();
    for (auto const& [id, served] : lanes_)
        if (served.lane.standing() != nullptr)
            lanes.push_back({id, end - std::min(end, served.lane.read().value()),
                             served.lane.waiting(), served.lane.book()});
    figures_.put(std::move(lanes), counts_);
}

} // namespace kontor::services::hooks
