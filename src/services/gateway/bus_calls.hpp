#pragma once

/// What the routes of archives, replays, rules and topics share: the bus is asked on the desk's
/// thread, and the answer is looked for on the edge's.   Thread: the edge's, but for Errand::bring.

#include "services/gateway/archive_desk.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/replies.hpp"

#include <algorithm>
#include <mutex>

namespace kontor::services::gateway {

template <class T>
using FromTheBus = Result<T, ports::MessagingRefusal>;
template <class T>
using AskTheBus = std::function<FromTheBus<T>(ArchiveDesk::Doors const&)>;

/// "bus/orders" of the ARN of a rule of that bus: "orders".
inline std::string last_name_of(std::string const& arn) {
    return arn.substr(arn.find_last_of(":/") + 1);
}

/// What a refusal of the bus is called where one kind of thing is asked for.
struct BusProblems {
    ProblemName unknown;
    ProblemName exists;
    ProblemName ended;
    ProblemName refused;
    ProblemName owned; ///< by the topology
    ProblemName too_many;
};
Trouble trouble_of(ports::MessagingRefusal const& refusal, BusProblems const& problems);

/// What the desk's thread finds out, for whoever waits on the edge's.
template <class T>
class Errand {
public:
    void bring(FromTheBus<T> found) {
        std::lock_guard const guard(mutex_);
        found_ = std::move(found);
    }
    std::optional<FromTheBus<T>> look() const {
        std::lock_guard const guard(mutex_);
        return found_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<FromTheBus<T>> found_; ///< guarded by `mutex_`
};

/// Errors: queues_off, full.
template <class T>
Result<std::shared_ptr<Errand<T>>, Trouble> send_off(ArchiveDesk* desk, AskTheBus<T> ask) {
    if (desk == nullptr)
        return unexpected(trouble("queues_off"));
    auto const errand = std::make_shared<Errand<T>>();
    bool const is_taken = desk->take(
        [errand, ask = std::move(ask)](ArchiveDesk::Doors const& to) { errand->bring(ask(to)); });
    if (!is_taken)
        return unexpected(retry(trouble("full")));
    return errand;
}

/// Asks once, and answers what was found once it is there; empty: not yet.
/// Errors: as send_off, and what the bus says.
template <class T>
Result<std::optional<T>, Trouble> found_by(Parts const& parts, Asked& asked,
                                           BusProblems const& problems, AskTheBus<T> ask) {
    if (!asked.progress) {
        KONTOR_TRY(asked.progress, send_off<T>(parts.archives, std::move(ask)));
    }
    auto found = static_cast<Errand<T> const*>(asked.progress.get())->look();
    if (found && !*found)
        return unexpected(trouble_of(found->error(), problems));
    return found ? std::optional<T>(**std::move(found)) : std::nullopt;
}

/// What was found, as `show` has it; not yet: asks again.
template <class T, class Show>
Served shown_once_found(Result<std::optional<T>, Trouble> const& found, Show&& show) {
    if (!found)
        return unexpected(found.error());
    if (!*found)
        return Answer(NotYet{});
    return Answer(json_reply(200, show(**found)));
}

/// What is named on a page of things that the bus lists by name.   Errors: cursor_invalid,
/// parameter_invalid.
Result<ports::PageWish, Trouble> names_asked(Parts const& parts, Asked const& asked);

template <class T, class Show>
Answer page_of_names(Parts const& parts, Asked const& asked, ports::Page<T> const& found,
                     Show&& show) {
    PageText text;
    for (auto const& each : found.items)
        add_item(text.items, show(each));
    text.has_more = !found.next.empty();
    text.last = found.next;
    return page_reply(parts, asked, text);
}

/// An effect that the desk carries out, and what is answered once it is done.
template <class T>
std::function<Result<Reply, Trouble>()> carried_out(ArchiveDesk* desk, Asked& asked,
                                                    BusProblems const& problems, AskTheBus<T> deed,
                                                    std::function<Reply(T const&)> show) {
    return [=, &asked, &problems, deed = std::move(deed),
            show = std::move(show)]() -> Result<Reply, Trouble> {
        KONTOR_TRY(auto const errand, send_off<T>(desk, deed));
        asked.later = Later{[errand, show, &problems]() -> std::optional<Result<Reply, Trouble>> {
            auto const found = errand->look();
            if (!found)
                return std::nullopt;
            if (!*found)
                return unexpected(trouble_of(found->error(), problems));
            return Result<Reply, Trouble>(show(**found));
        }};
        return Reply{};
    };
}

} // namespace kontor::services::gateway
