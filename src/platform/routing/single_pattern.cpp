#include "platform/routing/single_pattern.hpp"

namespace kontor::routing {

Result<std::shared_ptr<SinglePattern>, PatternError> SinglePattern::of(std::string_view text) {
    Rule const alone[] = {{0, text}};
    auto matcher = Matcher::build(alone);
    if (!matcher)
        return unexpected(std::move(matcher).error().error);
    return std::make_shared<SinglePattern>(*std::move(matcher));
}

bool SinglePattern::may_meet(std::string_view event) {
    return matching_.ask(event) == Asked::answered &&
           (!matching_.rules().empty() || !matching_.over_budget().empty());
}

} // namespace kontor::routing
