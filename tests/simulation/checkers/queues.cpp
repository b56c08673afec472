#include "tests/simulation/checkers/queues.hpp"

#include <fmt/format.h>

namespace kontor::simulation {
namespace {

constexpr auto heard_for = Duration::minutes(5);

} // namespace

void QueuesChecker::see(Fact const& fact) {
    auto const* const event = std::get_if<queue::Event>(&fact.content);
    if (event == nullptr)
        return;
    auto& line = lines_[fact.stream.id()];
    std::visit([&](auto const& each) { see_in(line, each); }, *event);
}

void QueuesChecker::see_in(Line& line, queue::Created const& fact) {
    line.name = fact.name;
    line.settings = fact.settings;
}

void QueuesChecker::add(Line& line, std::uint64_t sequence, Item item) {
    if (sequence <= line.last)
        verdict_.fail("I8", fmt::format("{} numbers a message {}, after {}", line.name.view(),
                                        sequence, line.last));
    line.last = sequence;
    line.items.emplace(sequence, std::move(item));
    ++line.counted.sent;
}

void QueuesChecker::see_in(Line& line, queue::MessageSent const& fact) {
    bool const is_fifo = line.settings.kind == queue::Kind::fifo;
    auto const& said = fact.deduplication_id.empty() && line.settings.deduplicates_by_content
                           ? fact.body
                           : fact.deduplication_id;
    if (is_fifo) {
        auto const [heard, is_new] = line.heard.emplace(said, fact.at);
        if (!is_new && fact.at < heard->second + heard_for)
            verdict_.fail("I8", fmt::format("{} took {} twice within {} s", line.name.view(), said,
                                            (fact.at - heard->second).in_microseconds() / 1000000));
        heard->second = fact.at;
    }
    add(line, fact.sequence, {fact.group_id, fact.at});
}

/// Everything earlier in its group is gone, or comes with it.
void QueuesChecker::must_be_next(Line const& line, std::uint64_t sequence, Item const& item,
                                 Instant at, std::set<std::uint64_t> const& with_it) {
    if (line.settings.kind != queue::Kind::fifo)
        return;
    for (auto const& [earlier, other] : line.items) {
        if (earlier >= sequence)
            return;
        bool const is_past_its_time = other.sent_at + line.settings.retention <= at;
        if (other.group == item.group && !with_it.contains(earlier) && !is_past_its_time)
            return verdict_.fail("I8",
                                 fmt::format("{} hands out {} of group {} before {}",
                                             line.name.view(), sequence, item.group, earlier));
    }
}

void QueuesChecker::see_in(Line& line, queue::MessagesReceived const& fact) {
    std::set<std::uint64_t> const together(fact.sequences.begin(), fact.sequences.end());
    for (auto const sequence : fact.sequences) {
        auto const found = line.items.find(sequence);
        if (found == line.items.end())
            return verdict_.fail("I8", fmt::format("{} hands out {}, which is not there",
                                                   line.name.view(), sequence));
        must_be_next(line, sequence, found->second, fact.at, together);
        ++line.counted.receives;
        auto const& redrive = line.settings.redrive;
        if (++found->second.receives > (redrive ? redrive->receives_max : UINT32_MAX))
            verdict_.fail("I9", fmt::format("{} hands out {} for the {}th time, {} are allowed",
                                            line.name.view(), sequence, found->second.receives,
                                            redrive->receives_max));
    }
}

std::optional<QueuesChecker::Item> QueuesChecker::take(Line& line, std::uint64_t sequence,
                                                       std::string_view to_do_what) {
    auto const found = line.items.find(sequence);
    if (found == line.items.end()) {
        verdict_.fail("I8", fmt::format("{} {} {}, which is not there", line.name.view(),
                                        to_do_what, sequence));
        return std::nullopt;
    }
    auto item = std::move(found->second);
    line.items.erase(found);
    return item;
}

void QueuesChecker::see_in(Line& line, queue::MessagesSettled const& fact) {
    for (auto const sequence : fact.sequences)
        line.counted.settled += take(line, sequence, "settles") ? 1 : 0;
}

void QueuesChecker::must_be_dead_letters(Line const& from, Line const& to) {
    auto const& redrive = from.settings.redrive;
    if (!redrive || redrive->dead_letters != to.name)
        verdict_.fail(
            "I9", fmt::format("dead letters of {} come to {}", from.name.view(), to.name.view()));
}

void QueuesChecker::see_in(Line& line, queue::MessagesMoved const& fact) {
    auto& to = lines_[fact.to];
    bool const is_by_task = fact.why == queue::Why::moved;
    if (!is_by_task)
        must_be_dead_letters(line, to);
    auto number = fact.first_sequence;
    for (auto const sequence : fact.sequences) {
        auto item = take(line, sequence, "moves");
        if (!item)
            return;
        ++(is_by_task ? line.counted.settled : line.counted.dead);
        ++(is_by_task ? moved_ : dead_);
        // Whoever is moved by a task begins anew; a dead letter keeps its time.
        add(to, number++, {item->group, is_by_task ? fact.at : item->sent_at});
    }
}

std::uint64_t QueuesChecker::at_rest(ports::Queue& queues, Instant now) {
    std::uint64_t expired = 0;
    for (auto& [id, line] : lines_) {
        auto const& name = line.name;
        line.counted.expired = std::erase_if(line.items, [&](auto const& each) {
            return each.second.sent_at + line.settings.retention <= now;
        });
        expired += line.counted.expired;
        if (!line.items.empty())
            verdict_.fail("I8",
                          fmt::format("{} still has {} messages at rest, the first is {}",
                                      name.view(), line.items.size(), line.items.begin()->first));
        auto const depth = queues.depth(name);
        if (!depth) {
            verdict_.fail("I8", fmt::format("{} is gone", name.view()));
            return expired;
        }
        auto const& counted = line.counted;
        if (!ports::is_conserved(*depth) || depth->sent != counted.sent ||
            depth->settled != counted.settled || depth->dead != counted.dead ||
            depth->expired != counted.expired)
            verdict_.fail("I8", fmt::format("{} counts {} sent, {} settled, {} dead, {} expired; "
                                            "its facts say {}, {}, {}, {}",
                                            name.view(), depth->sent, depth->settled, depth->dead,
                                            depth->expired, counted.sent, counted.settled,
                                            counted.dead, counted.expired));
    }
    return expired;
}

} // namespace kontor::simulation
