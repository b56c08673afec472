#include "programs/kontor/operate_commands.hpp"

#include "programs/kontor/remote_views.hpp"

#include <fmt/core.h>

#include <iostream>
#include <map>
#include <memory>

namespace kontor::programs {
namespace {

using Rows = std::vector<boost::json::object>;

Rows rows_in(boost::json::object const& graph, char const* member) {
    Rows rows;
    auto const* const value = graph.if_contains(member);
    if (value != nullptr && value->is_array())
        for (auto const& row : value->get_array())
            if (row.is_object())
                rows.push_back(row.get_object());
    return rows;
}

/// Where orders stand, and below where each phase leads.
void show_graph(Output const& output, boost::json::object const& graph) {
    output.rows({{"phase", "phase"},
                 {"orders that wait", "runs", to_right},
                 {"at rest", "at_rest", to_right}},
                rows_in(graph, "phases"));
    output.say("");
    output.rows({{"from", "from"}, {"to", "to"}, {"when", "when"}}, rows_in(graph, "edges"));
}

/// In the language of Graphviz.   Source: graphviz.org, "DOT language".
std::string dot_of(boost::json::object const& graph) {
    std::string dot = "digraph checkout {\n  rankdir=LR;\n  node [shape=box];\n";
    for (auto const& phase : rows_in(graph, "phases"))
        dot += fmt::format("  {0} [label=\"{0}\\n{1}\"];\n", text_in(phase, "phase"),
                           readable(phase.at("runs")));
    for (auto const& edge : rows_in(graph, "edges"))
        dot += fmt::format("  {} -> {} [label=\"{}\"];\n", text_in(edge, "from"),
                           text_in(edge, "to"), text_in(edge, "when"));
    return dot + "}\n";
}

Outcome saga_graph(Program& program, bool const& as_dot) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const answer, remote.get("/v1/ops/sagas/graph"));
    if (!answer.is_object())
        return ExitCode::ok;
    if (as_dot)
        std::cout << dot_of(answer.get_object());
    else if (program.output.options().format == Format::json)
        show_remote_thing(program.output, answer);
    else
        show_graph(program.output, answer.get_object());
    return ExitCode::ok;
}

} // namespace

void add_saga_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "saga", "The processes that lead orders from click to doorstep");
    auto const as_dot = std::make_shared<bool>(false);
    add_command(noun, chosen,
                {"graph",
                 "Shows the phases of the process, the ways between them, and who stands where",
                 "  kontor saga graph\n  kontor saga graph --dot | dot -Tsvg > graph.svg"},
                saga_graph, as_dot)
        .add_flag("--dot", *as_dot, "as Graphviz draws it");
}

} // namespace kontor::programs
