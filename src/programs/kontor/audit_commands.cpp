#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_views.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct ListFlags {
    std::string actor;
    std::string verb;
    std::string object;
    std::uint64_t after{0};
    std::size_t limit{50};
};

std::string with(std::string path, std::string_view name, std::string const& value) {
    return value.empty() ? path : fmt::format("{}&{}={}", path, name, encoded(value));
}

/// Up to `limit` entries, oldest first; the record says from where it goes on.
Outcome list_actions(Program& program, ListFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    auto const path =
        with(with(with("/v1/ops/audit?limit=200", "actor", flags.actor), "verb", flags.verb),
             "object", flags.object);
    std::vector<boost::json::object> rows;
    for (auto after = std::to_string(flags.after);;) {
        KONTOR_TRY(auto const page, remote.get(path + "&after=" + after));
        auto const& object = page.as_object();
        for (auto const& row : object.at("data").as_array())
            if (rows.size() < flags.limit)
                rows.push_back(row.as_object());
        if (rows.size() == flags.limit || !object.at("has_more").as_bool())
            break;
        after = readable(object.at("after"));
    }
    program.output.rows({{"number", "number", to_right},
                         {"at", "at"},
                         {"who", "actor"},
                         {"what", "verb"},
                         {"on", "object"},
                         {"why", "reason"},
                         {"before", "before"},
                         {"after", "after"}},
                        rows);
    return ExitCode::ok;
}

} // namespace

void add_audit_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "audit", "What operators did, and proofs that nothing was changed");
    auto const flags = std::make_shared<ListFlags>();
    auto& listed =
        add_command(noun, chosen,
                    {"list", "Lists what operators did: who, what, why, before and after",
                     "  kontor audit list\n  kontor audit list --verb set_limit --json"},
                    list_actions, flags);
    listed.add_option("--actor", flags->actor, "only what this operator did");
    listed.add_option("--verb", flags->verb, "only this kind of action, like set_limit");
    listed.add_option("--object", flags->object, "only what was done to this, like /v1/ops/limits");
    listed.add_option("--after", flags->after, "begin after the entry of this number");
    listed.add_option("--limit", flags->limit, "at most so many")->check(CLI::Range(1, 1'000'000));
    add_audit_proofs(noun, chosen);
}

} // namespace kontor::programs
