#pragma once

/// SinglePattern: one pattern that events are asked by, outside of any set of rules: of an archive,
/// a replay, a webhook, or whoever reads facts.
/// Thread: one; asked again and again, it keeps the room that asking takes.

#include "platform/routing/matching.hpp"
#include "platform/routing/pattern.hpp"

#include <memory>
#include <string_view>

namespace kontor::routing {

class SinglePattern {
public:
    /// The text may go afterwards.   Errors: it does not compile.
    static Result<std::shared_ptr<SinglePattern>, PatternError> of(std::string_view text);

    explicit SinglePattern(Matcher matcher) : matcher_(std::move(matcher)), matching_(matcher_) {}
    SinglePattern(SinglePattern const&) = delete; // what asks points to what is asked
    SinglePattern& operator=(SinglePattern const&) = delete;

    /// Whether an event meets it. One of which that is not known does, for nothing is to be left
    /// out in silence; one that cannot be read does not.   Requires: as of Matching::ask.
    bool may_meet(std::string_view event);

private:
    Matcher matcher_;
    Matching matching_;
};

} // namespace kontor::routing
