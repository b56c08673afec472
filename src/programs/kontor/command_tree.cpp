#include "programs/kontor/command_tree.hpp"

#include "programs/kontor/route_commands.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kontor::programs {
namespace {

constexpr std::string_view examples_head = "Examples:\n";

/// CLI11 describes a set of choices as "{a,b}" behind the type: "TEXT:{a,b}".
std::vector<std::string> choices_in(std::string const& type) {
    auto const begin = type.find('{');
    auto const end = type.find('}', begin == std::string::npos ? 0 : begin);
    std::vector<std::string> choices;
    if (begin == std::string::npos || end == std::string::npos)
        return choices;
    for (auto at = begin + 1; at < end;) {
        auto const comma = std::min(type.find(',', at), end);
        choices.push_back(type.substr(at, comma - at));
        at = comma + 1;
    }
    return choices;
}

ParameterShape shape_of(CLI::Option const& option, bool positional) {
    ParameterShape shape;
    if (positional)
        shape.names.push_back(option.get_name(true));
    for (auto const& name : option.get_snames())
        shape.names.push_back("-" + name);
    for (auto const& name : option.get_lnames())
        shape.names.push_back("--" + name);
    shape.what = option.get_description();
    bool const is_flag = option.get_items_expected_max() == 0;
    auto const type = is_flag ? std::string() : option.get_type_name();
    shape.takes = type.substr(0, type.find(':'));
    shape.choices = choices_in(type);
    shape.required = option.get_required();
    shape.repeats = option.get_items_expected_max() > 1;
    return shape;
}

/// Takes the routes off the end of a footer.
std::vector<std::string> routes_in(std::string& footer) {
    std::vector<std::string> routes;
    auto const head = footer.find(routes_head);
    if (head == std::string::npos)
        return routes;
    for (auto at = head + routes_head.size(); at < footer.size();) {
        auto const end = std::min(footer.find('\n', at), footer.size());
        routes.push_back(footer.substr(at + 2, end - at - 2)); // they stand two blanks in
        at = end + 1;
    }
    footer.erase(head);
    return routes;
}

CommandShape shape_below(CLI::App const& app, std::string const& above) {
    CommandShape shape;
    shape.name = app.get_name();
    shape.line = above.empty() ? shape.name : above + " " + shape.name;
    shape.what = app.get_description();
    shape.examples = app.get_footer();
    shape.routes = routes_in(shape.examples);
    if (shape.examples.starts_with(examples_head))
        shape.examples.erase(0, examples_head.size());
    for (auto const* const option : app.get_options()) {
        bool const positional = option->get_positional();
        auto& list = positional ? shape.positionals : shape.options;
        list.push_back(shape_of(*option, positional));
    }
    for (auto const* const command : app.get_subcommands([](CLI::App const*) { return true; }))
        if (!command->get_group().empty())
            shape.commands.push_back(shape_below(*command, shape.line));
    return shape;
}

boost::json::array texts(std::vector<std::string> const& from) {
    boost::json::array array;
    for (auto const& text : from)
        array.emplace_back(text);
    return array;
}

boost::json::array parameters(std::vector<ParameterShape> const& from) {
    boost::json::array array;
    for (auto const& each : from)
        array.push_back(boost::json::object{{"names", texts(each.names)},
                                            {"what", each.what},
                                            {"takes", each.takes},
                                            {"choices", texts(each.choices)},
                                            {"required", each.required},
                                            {"repeats", each.repeats}});
    return array;
}

boost::json::object object_of(CommandShape const& command) {
    boost::json::array below;
    for (auto const& each : command.commands)
        below.push_back(object_of(each));
    return {{"name", command.name},
            {"line", command.line},
            {"what", command.what},
            {"examples", command.examples},
            {"routes", texts(command.routes)},
            {"positionals", parameters(command.positionals)},
            {"options", parameters(command.options)},
            {"commands", below}};
}

} // namespace

CommandShape const* CommandShape::find(std::string_view command) const {
    auto const found = std::ranges::find(commands, command, &CommandShape::name);
    return found == commands.end() ? nullptr : &*found;
}

CommandShape shape_of(CLI::App const& app) {
    return shape_below(app, "");
}

std::string json_of(CommandShape const& command) {
    return boost::json::serialize(object_of(command));
}

} // namespace kontor::programs
