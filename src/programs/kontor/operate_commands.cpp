#include "programs/kontor/operate_commands.hpp"

#include "programs/kontor/remote_write.hpp"

#include <fmt/core.h>

#include <iostream>
#include <memory>

namespace kontor::programs {
namespace {

using Columns = std::vector<Column>;

/// What operators say of keys and users.
struct OperateFlags {
    std::string name;
    std::vector<std::string> roles;
    bool sees_personal_fields{false};
    bool has_password{false};
    std::string expires_at;
    std::string reason;
};

boost::json::array array_of(std::vector<std::string> const& texts) {
    boost::json::array array;
    for (auto const& text : texts)
        array.emplace_back(text);
    return array;
}

/// A list that is never long, from one address.
Outcome show_list(Program& program, std::string const& path, Columns const& columns) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const rows, remote.rows(path));
    program.output.rows(columns, rows);
    return ExitCode::ok;
}

void add_list(CLI::App& noun, std::optional<Command>& chosen, Wording const& wording,
              std::string const& path, Columns const& columns) {
    add_command(noun, chosen, wording, [path, columns](Program& program) {
        return program.output.ended(show_list(program, path, columns));
    });
}

void add_reason(CLI::App& command, std::string& reason) {
    command.add_option("--reason", reason, "why, in 3 to 500 characters")->required();
}

Outcome withdraw(Program& program, std::string const& path, OperateFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    RemoteCall call{"DELETE", path + encoded(flags.name)};
    call.reason = flags.reason;
    KONTOR_TRY(remote.send(call));
    return ExitCode::ok;
}

Outcome create_token(Program& program, OperateFlags const& flags) {
    boost::json::object body{
        {"name", flags.name}, {"roles", array_of(flags.roles)}, {"reason", flags.reason}};
    if (flags.sees_personal_fields)
        body["scopes"] = array_of({"pii"});
    if (!flags.expires_at.empty())
        body["expires_at"] = flags.expires_at;
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const answer, remote.send({"POST", "/v1/ops/tokens", std::move(body)}));
    show_remote_thing(program.output, answer.body);
    program.output.notice("The secret is shown this once: keep it now.");
    return ExitCode::ok;
}

Outcome revoke_token(Program& program, OperateFlags const& flags) {
    return withdraw(program, "/v1/ops/tokens/", flags);
}

Outcome put_user(Program& program, OperateFlags const& flags) {
    boost::json::object body{{"roles", array_of(flags.roles)}, {"reason", flags.reason}};
    if (flags.sees_personal_fields)
        body["scopes"] = array_of({"pii"});
    if (flags.has_password) {
        std::string password;
        std::getline(std::cin, password);
        body["password"] = password;
    }
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const answer,
               remote.send({"PUT", "/v1/ops/users/" + encoded(flags.name), std::move(body)}));
    show_remote_thing(program.output, answer.body);
    return ExitCode::ok;
}

Outcome remove_user(Program& program, OperateFlags const& flags) {
    return withdraw(program, "/v1/ops/users/", flags);
}

void add_roles(CLI::App& command, OperateFlags& flags) {
    command
        .add_option("--role", flags.roles,
                    "support, operations or service; more than one is possible")
        ->required();
    command.add_flag("--pii", flags.sees_personal_fields, "personal fields are shown");
    add_reason(command, flags.reason);
}

void add_tokens(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "token", "Keys by which programs get in");
    add_list(noun, chosen, {"list", "Lists the keys, without secrets", "  kontor token list"},
             "/v1/ops/tokens",
             {{"key", "id"},
              {"name", "name"},
              {"roles", "roles"},
              {"created at", "created_at"},
              {"expires at", "expires_at"}});
    auto const made = std::make_shared<OperateFlags>();
    auto& create =
        add_command(noun, chosen,
                    {"create", "Makes a key and shows its secret once",
                     "  kontor token create till --role service --reason 'the till of the shop'"},
                    create_token, made);
    create.add_option("name", made->name, "what it is for")->required();
    create.add_option("--expires-at", made->expires_at, "like 2027-01-31T00:00:00Z");
    add_roles(create, *made);
    auto const gone = std::make_shared<OperateFlags>();
    auto& revoke = add_command(noun, chosen,
                               {"revoke", "Withdraws a key: it opens nothing from now on",
                                "  kontor token revoke tok_… --reason 'the till was stolen'"},
                               revoke_token, gone);
    revoke.add_option("key", gone->name, "as the list gives it")->required();
    add_reason(revoke, gone->reason);
}

void add_users(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "user", "People who sign in at the console");
    add_list(noun, chosen, {"list", "Lists the users", "  kontor user list"}, "/v1/ops/users",
             {{"user", "name"}, {"roles", "roles"}, {"scopes", "scopes"}, {"since", "created_at"}});
    auto const put = std::make_shared<OperateFlags>();
    auto& put_it = add_command(
        noun, chosen,
        {"put", "Adds a user, or changes what one may do; a password is read from stdin",
         "  kontor user put ada --role operations --password --reason 'on call' < password\n"
         "  kontor user put ada --role operations --role support --reason 'holidays'"},
        put_user, put);
    put_it.add_option("name", put->name, "small letters, digits, dots and dashes")->required();
    put_it.add_flag("--password", put->has_password, "read a new one: the first line of stdin");
    add_roles(put_it, *put);
    auto const gone = std::make_shared<OperateFlags>();
    auto& remove = add_command(noun, chosen,
                               {"remove", "Removes a user; open sessions end",
                                "  kontor user remove ada --reason 'left the firm'"},
                               remove_user, gone);
    remove.add_option("name", gone->name, "as the list gives it")->required();
    add_reason(remove, gone->reason);
}

void add_events(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "event", "Single facts of the log");
    for (auto const& [verb, what, tail] :
         {std::tuple{"show", "Shows a fact by its position", ""},
          std::tuple{"causes", "Shows what a fact came of, and what came of it", "/causes"}}) {
        auto const position = std::make_shared<std::uint64_t>(0);
        add_command(noun, chosen, {verb, what, fmt::format("  kontor event {} 4711", verb)},
                    [position, end = std::string(tail)](Program& program) {
                        auto remote = Remote::reach(program);
                        if (!remote)
                            return program.output.fail(remote.error());
                        return program.output.ended(show_remote(
                            program, *remote, fmt::format("/v1/ops/events/{}{}", *position, end)));
                    })
            .add_option("position", *position, "in the log")
            ->required();
    }
}

struct LimitFlags {
    std::string name;
    std::int64_t count_max{0};
    std::int64_t window_ms{1000};
    std::string reason;
};

Outcome set_limit(Program& program, LimitFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    RemoteCall call{"PUT", "/v1/ops/limits/" + encoded(flags.name),
                    boost::json::object{{"count_max", flags.count_max},
                                        {"window_ms", flags.window_ms},
                                        {"reason", flags.reason}}};
    KONTOR_TRY(auto const answer, remote.send(call));
    show_remote_thing(program.output, answer.body);
    return ExitCode::ok;
}

} // namespace

void add_operate_commands(CLI::App& app, std::optional<Command>& chosen) {
    add_tokens(app, chosen);
    add_users(app, chosen);
    add_events(app, chosen);
    auto& limits = noun_of(app, "limit", "How much may be asked, and how fast");
    add_list(limits, chosen, {"list", "Lists the limits in force", "  kontor limit list"},
             "/v1/ops/limits",
             {{"limit", "name"},
              {"holds for", "whose"},
              {"requests", "count_max", to_right},
              {"window ms", "window_ms", to_right},
              {"comes from", "origin"}});
    auto const flags = std::make_shared<LimitFlags>();
    auto& set = add_command(
        limits, chosen,
        {"set", "Sets a limit at once: so many requests in a window, and as many at once",
         "  kontor limit set address 200 --reason 'a sale begins'"},
        set_limit, flags);
    set.add_option("limit", flags->name, "as the list gives it")->required();
    set.add_option("requests", flags->count_max, "in one window")->required();
    set.add_option("--window-ms", flags->window_ms, "100 to 60000 (1000)");
    add_reason(set, flags->reason);
}

} // namespace kontor::programs
