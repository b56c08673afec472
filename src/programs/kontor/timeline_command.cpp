#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_views.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct TimelineFlags {
    std::string order;
    bool is_full{false};
};

/// A row for each fact; what came of one command shows when it happened once.
std::vector<boost::json::object> timeline_rows(boost::json::object const& timeline) {
    std::vector<boost::json::object> rows;
    for (auto const& group : timeline.at("groups").as_array()) {
        auto const& of = group.as_object();
        bool is_first = true;
        for (auto const& fact : of.at("facts").as_array()) {
            auto const& told = fact.as_object();
            boost::json::object row{{"type", told.at("type")},
                                    {"stream", told.at("stream")},
                                    {"position", told.at("position")}};
            if (std::exchange(is_first, false)) {
                row["occurred_at"] = of.at("occurred_at");
                if (auto const* const cause = of.if_contains("caused_by"))
                    row["caused_by"] = *cause;
            }
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Outcome show_timeline(Program& program, TimelineFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const timeline,
               remote.get(fmt::format("/v1/orders/{}/timeline?detail={}", encoded(flags.order),
                                      flags.is_full ? "full" : "public")));
    if (program.output.options().format == Format::json) {
        program.output.object(timeline.as_object());
        return ExitCode::ok;
    }
    program.output.rows({{"at", "occurred_at"},
                         {"came of", "caused_by"},
                         {"fact", "type"},
                         {"position", "position", Column::Align::right},
                         {"stream", "stream"}},
                        timeline_rows(timeline.as_object()));
    return ExitCode::ok;
}

} // namespace

void add_timeline_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<TimelineFlags>();
    auto& command =
        add_command(noun_of(app, "order", "Shows what was ordered"), chosen,
                    {"timeline", "Shows every fact about an order, grouped by what it came of",
                     "  kontor order timeline ord_01…\n  kontor order timeline ord_01… --full"},
                    show_timeline, flags);
    command.add_option("order", flags->order, "its id")->required();
    command.add_flag("--full", flags->is_full, "what stays in the house, too");
}

} // namespace kontor::programs
