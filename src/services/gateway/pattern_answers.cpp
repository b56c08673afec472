#include "services/gateway/pattern_answers.hpp"

#include "platform/routing/lint.hpp"

namespace kontor::services::gateway {

FieldAnswer field_answer(routing::FieldFinding const& finding, routing::Pattern const& pattern) {
    auto const& field = pattern.fields[finding.field];
    FieldAnswer answer{field.path, field.pointer, finding.state, {}};
    for (auto const& leaf : finding.leaves) {
        NearLeafAnswer near{leaf.pointer, leaf.spelling, {}};
        if (finding.state == routing::FieldState::differs)
            near.differs_in = leaf.difference;
        answer.near.push_back(std::move(near));
    }
    return answer;
}

PatternTestAnswer tested(routing::Pattern const& pattern, routing::FlatEvent const& event) {
    auto const explained = routing::explain(pattern, event);
    PatternTestAnswer answer{explained.verdict, {}, explained.is_cut, {}};
    for (auto const& conjunct : explained.conjuncts) {
        WayAnswer way{conjunct.verdict, {}};
        for (auto const& finding : conjunct.fields)
            way.fields.push_back(field_answer(finding, pattern));
        answer.ways.push_back(std::move(way));
    }
    for (auto const& finding : routing::lint(pattern))
        answer.lint.push_back({std::string(routing::name(finding.fault)),
                               pattern.fields[finding.field].pointer, finding.what});
    return answer;
}

} // namespace kontor::services::gateway
