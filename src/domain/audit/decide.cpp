#include "domain/audit/decide.hpp"

namespace kontor::audit {

Decision decide(State const&, TakeNote const& command, Context const&) {
    if (command.verb.empty())
        return unexpected(Rejection::verb_missing);
    return facts<Event>(
        ActionTaken{command.verb, command.object, command.reason, command.before, command.after});
}

} // namespace kontor::audit
