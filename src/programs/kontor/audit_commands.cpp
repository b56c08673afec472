#include "programs/kontor/list_limit.hpp"
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
    ListLimit limit{};
};

std::string with(std::string path, std::string_view name, std::string const& value) {
    return value.empty() ? path : fmt::format("{}&{}={}", path, name, encoded(value));
}

/// Up to a limit, oldest first; the record says from where it goes on.
Outcome list_actions(Program& program, ListFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    auto const first = fmt::format("/v1/ops/audit?after={}", flags.after);
    auto const path =
        with(with(with(first, "actor", flags.actor), "verb", flags.verb), "object", flags.object);
    std::vector<Column> const columns{{"number", "number", to_right},
                                      {"at", "at"},
                                      {"who", "actor"},
                                      {"what", "verb"},
                                      {"on", "object"},
                                      {"why", "reason"},
                                      {"before", "before"},
                                      {"after", "after"}};
    return show_pages(
        program, remote, path, flags.limit.rows(program.output),
        [&](std::vector<boost::json::object> const& rows) { program.output.rows(columns, rows); });
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
    flags->limit.add_to(listed);
    add_audit_proofs(noun, chosen);
}

} // namespace kontor::programs
