#include "programs/kontor/remote_write.hpp"

#include <memory>

namespace kontor::programs {
namespace {

ExitCode show(Program& program, bool origins) {
    std::vector<boost::json::object> rows;
    for (auto const& [name, setting] : program.settings.values())
        rows.push_back({{"name", name}, {"value", setting.value}, {"origin", setting.origin}});
    std::vector<Column> columns{{"setting", "name"}, {"value", "value"}};
    if (origins)
        columns.push_back({"comes from", "origin"});
    program.output.rows(columns, rows);
    return ExitCode::ok;
}

ExitCode check(Program& program) {
    if (program.output.options().format == Format::table)
        program.output.say("The settings are good.");
    else
        program.output.object({{"good", true}});
    return ExitCode::ok;
}

Outcome reload(Program& program, WriteFlags const& flags) {
    return write(program, {"POST", "/v1/ops/config/reload", boost::json::object{}}, flags);
}

std::string_view schema_type(SettingType type) {
    switch (type) {
    case SettingType::text: return "string";
    case SettingType::boolean: return "boolean";
    case SettingType::whole_number: return "integer";
    }
    KONTOR_UNREACHABLE();
}

ExitCode schema(Program& program) {
    std::vector<boost::json::object> rows;
    for (auto const& setting : all_settings())
        rows.push_back({{"name", setting.name},
                        {"type", schema_type(setting.type)},
                        {"default", setting.fallback},
                        {"description", setting.what}});
    program.output.rows({{"setting", "name"},
                         {"type", "type"},
                         {"default", "default"},
                         {"what it is", "description"}},
                        rows);
    return ExitCode::ok;
}

} // namespace

void add_config_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& config = *app.add_subcommand("config", "Shows and checks the settings");
    config.require_subcommand(1);
    auto const origins = std::make_shared<bool>(false);
    add_command(
        config, chosen,
        {"show", "Shows the settings in force",
         "  kontor config show --origin\n  KONTOR_DATA__DIRECTORY=/srv/shop kontor config show"},
        [origins](Program& program) { return show(program, *origins); })
        .add_flag("--origin", *origins, "also say where each value comes from");
    add_command(config, chosen,
                {"check", "Checks the settings and says what is wrong",
                 "  kontor config check --config shop.toml"},
                check);
    auto const reloaded = std::make_shared<WriteFlags>();
    auto& again =
        add_command(config, chosen,
                    {"reload", "Has a running shop read its secrets again; SIGHUP does the same",
                     "  kontor config reload --reason 'new webhook secret'"},
                    reload, reloaded);
    again.add_option("--reason", reloaded->reason, "why")->required();
    add_write_flags(again, *reloaded);
    add_command(config, chosen,
                {"schema", "Lists everything that can be set", "  kontor config schema"}, schema);
}

} // namespace kontor::programs
