#include "platform/routing/transformer.hpp"

#include "platform/routing/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kontor::routing {
namespace {

constexpr std::string_view reserved[] = {"aws.events.rule-arn", "aws.events.rule-name",
                                         "aws.events.event.ingestion-time", "aws.events.event",
                                         "aws.events.event.json"};

/// A placeholder outside of strings becomes a string that begins with this, which JSON cannot hold
/// unescaped and no template means.
constexpr std::string_view bare_mark("\0bare ", 6);

bool is_reserved_variable(std::string_view name) {
    return std::find(std::begin(reserved), std::end(reserved), name) != std::end(reserved);
}

bool is_bare_only(std::string_view name) {
    return name == "aws.events.event" || name == "aws.events.event.json";
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= variable_size_max && !name.starts_with("AWS") &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

/// The name between < and > at the beginning of a text; empty if there is none.
std::string_view placeholder_at(std::string_view text) {
    auto const end = text.find('>');
    if (!text.starts_with('<') || end == std::string_view::npos)
        return {};
    auto const name = text.substr(1, end - 1);
    bool const is_one = std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
    });
    return is_one ? name : std::string_view{};
}

JsonTree text_tree(std::string text) {
    JsonTree tree;
    tree.type = JsonType::text;
    tree.text = std::move(text);
    return tree;
}

/// The envelope without its detail, as AWS shows it.
JsonTree without_detail(JsonTree const& event) {
    JsonTree shown;
    shown.type = JsonType::object;
    for (std::size_t i = 0; i < event.items.size(); ++i) {
        if (event.keys[i] == "detail")
            continue;
        shown.keys.push_back(event.keys[i] == "detail-type" ? "detailType" : event.keys[i]);
        shown.items.push_back(event.items[i]);
    }
    return shown;
}

bool has_placeholder_key(JsonTree const& tree) {
    for (auto const& key : tree.keys)
        for (auto at = key.find('<'); at != std::string::npos; at = key.find('<', at + 1))
            if (!placeholder_at(std::string_view(key).substr(at)).empty())
                return true;
    return std::any_of(tree.items.begin(), tree.items.end(), has_placeholder_key);
}

auto refuse(InputFault fault, std::string what) {
    return unexpected(InputError{fault, std::move(what)});
}

} // namespace

/// A template on its way to values.
struct Transformer::Reading {
    std::map<std::string, Path, std::less<>> const& variables;
    std::string_view target;
    std::string json{}; ///< bare placeholders have become strings

    Result<void, InputError> mark(std::string_view text) {
        bool is_in_text = false;
        if (text.find("\\u0000") != std::string_view::npos)
            return refuse(InputFault::not_json, "a template has no NUL");
        for (std::size_t i = 0; i < text.size(); ++i) {
            auto const name = placeholder_at(text.substr(i));
            if (!name.empty()) {
                KONTOR_TRY(accept(name, is_in_text));
                json += is_in_text ? fmt::format("<{}>", name)
                                   : fmt::format("\"\\u0000bare {}\"", name);
                i += name.size() + 1;
                continue;
            }
            json += text[i];
            if (is_in_text && text[i] == '\\' && i + 1 < text.size())
                json += text[++i];
            else if (text[i] == '"')
                is_in_text = !is_in_text;
        }
        return {};
    }

    Result<void, InputError> accept(std::string_view name, bool is_in_text) const {
        if (!variables.contains(name) && !is_reserved_variable(name))
            return refuse(
                InputFault::unknown_placeholder,
                fmt::format("InputTemplate for target {} contains invalid placeholder {}.", target,
                            name));
        if (is_in_text && is_bare_only(name))
            return refuse(InputFault::placeholder_in_text,
                          fmt::format("<{}> is an object: it stands outside of strings", name));
        return {};
    }

    /// One value, or lines of strings.
    Result<std::vector<JsonTree>, InputError> values() const {
        if (auto whole = read_json(json, event_depth_max))
            return std::vector{*std::move(whole)};
        std::vector<JsonTree> lines;
        std::string_view rest = json;
        while (!rest.empty()) {
            auto const end = std::min(rest.find('\n'), rest.size());
            auto line = read_json(rest.substr(0, end), 1);
            if (!line || line->type != JsonType::text)
                return refuse(InputFault::not_json,
                              fmt::format("the template of target {} is neither JSON nor lines of "
                                          "strings in quotation marks",
                                          target));
            lines.push_back(*std::move(line));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return lines;
    }
};

std::optional<Transformer::Path> Transformer::parse_path(std::string_view text) {
    if (!text.starts_with('$') || text.size() > input_path_size_max)
        return std::nullopt;
    text.remove_prefix(1);
    Path path;
    while (!text.empty()) {
        auto& step = path.emplace_back();
        if (text.starts_with(".*") || text.starts_with("[*]")) {
            step.is_all = true;
            text.remove_prefix(text.front() == '.' ? 2 : 3);
            continue;
        }
        if (text.front() == '[') {
            auto const end = text.find(']');
            std::size_t index = 0;
            auto const digits = text.substr(1, end == std::string_view::npos ? 0 : end - 1);
            auto const [stop, error] = std::from_chars(digits.begin(), digits.end(), index);
            if (digits.empty() || error != std::errc{} || stop != digits.end())
                return std::nullopt;
            step.index = index;
            text.remove_prefix(end + 1);
            continue;
        }
        if (text.front() != '.')
            return std::nullopt;
        auto const is_part = [](char c) {
            return is_letter_or_digit(c) || c == '-' || c == '_' || c == '/';
        };
        auto const* const end = std::find_if_not(text.begin() + 1, text.end(), is_part);
        step.key = std::string(text.begin() + 1, end);
        if (step.key.empty())
            return std::nullopt;
        text.remove_prefix(step.key.size() + 1);
    }
    return path;
}

void Transformer::collect(JsonTree const& value, Path const& path, std::size_t step,
                          std::vector<JsonTree const*>& found) {
    if (step == path.size()) {
        found.push_back(&value);
        return;
    }
    auto const& next = path[step];
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        bool const is_wanted = next.is_all || (value.type == JsonType::list
                                                   ? next.index == i
                                                   : !next.index && value.keys[i] == next.key);
        if (is_wanted)
            collect(value.items[i], path, step + 1, found);
    }
}

std::optional<JsonTree> Transformer::follow(JsonTree const& event, Path const& path) {
    std::vector<JsonTree const*> found;
    collect(event, path, 0, found);
    bool const is_many =
        std::any_of(path.begin(), path.end(), [](Step const& step) { return step.is_all; });
    if (found.empty())
        return std::nullopt;
    if (!is_many)
        return *found.front();
    JsonTree list;
    list.type = JsonType::list;
    for (auto const* const each : found)
        list.items.push_back(*each);
    return list;
}

Result<Transformer, InputError> Transformer::create(TargetInput const& input,
                                                    std::string_view target) {
    auto const forms = (input.constant ? 1 : 0) + (input.path ? 1 : 0) + (input.filled ? 1 : 0);
    if (forms > 1)
        return refuse(InputFault::two_forms, "a target takes a constant, a path or a template");
    Transformer transformer;
    if (input.constant) {
        if (input.constant->size() > input_size_max)
            return refuse(InputFault::too_long, "a constant has at most 8,192 bytes");
        if (!read_json(*input.constant, event_depth_max))
            return refuse(InputFault::not_json, "a constant is JSON");
        transformer.constant_ = input.constant;
    }
    if (input.path) {
        transformer.path_ = parse_path(*input.path);
        if (!transformer.path_)
            return refuse(InputFault::wrong_path, fmt::format("`{}` is no path", *input.path));
    }
    if (!input.filled)
        return transformer;
    auto const& [paths, text] = *input.filled;
    if (text.empty() || text.size() > template_size_max)
        return refuse(InputFault::too_long, "a template has 1 to 8,192 bytes");
    if (paths.size() > input_paths_max)
        return refuse(InputFault::too_many_paths, "a template has at most 100 variables");
    for (auto const& [name, path] : paths) {
        auto parsed = parse_path(path);
        if (!is_name(name))
            return refuse(InputFault::wrong_name, fmt::format("`{}` is no name", name));
        if (!parsed)
            return refuse(InputFault::wrong_path, fmt::format("`{}` is no path", path));
        transformer.variables_.emplace(name, *std::move(parsed));
    }
    Reading reading{transformer.variables_, target};
    KONTOR_TRY(reading.mark(text));
    KONTOR_TRY(transformer.lines_, reading.values());
    if (std::any_of(transformer.lines_.begin(), transformer.lines_.end(), has_placeholder_key))
        return refuse(InputFault::placeholder_in_key, "a placeholder is never a key");
    return transformer;
}

std::optional<JsonTree> Transformer::value_of(std::string_view name,
                                              RoutedEvent const& routed) const {
    if (auto const found = variables_.find(name); found != variables_.end())
        return follow(routed.event, found->second);
    if (name == "aws.events.rule-arn")
        return text_tree(routed.rule_arn);
    if (name == "aws.events.rule-name")
        return text_tree(routed.rule_name);
    if (name == "aws.events.event.ingestion-time")
        return text_tree(routed.ingested_at);
    return name == "aws.events.event" ? without_detail(routed.event) : routed.event;
}

std::string Transformer::filled_text(std::string const& text, RoutedEvent const& routed) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const name = placeholder_at(std::string_view(text).substr(i));
        if (name.empty()) {
            out += text[i];
            continue;
        }
        i += name.size() + 1;
        auto const value = value_of(name, routed);
        if (value && value->type == JsonType::text)
            out += value->text;
        else if (value)
            append_json(out, *value);
    }
    return out;
}

std::optional<JsonTree> Transformer::filled(JsonTree const& part, RoutedEvent const& routed) const {
    if (part.type == JsonType::text && part.text.starts_with(bare_mark))
        return value_of(std::string_view(part.text).substr(bare_mark.size()), routed);
    JsonTree out = part;
    if (part.type == JsonType::text)
        out.text = filled_text(part.text, routed);
    out.keys.clear();
    out.items.clear();
    for (std::size_t i = 0; i < part.items.size(); ++i) {
        auto value = filled(part.items[i], routed);
        if (!value)
            continue;
        if (part.type == JsonType::object)
            out.keys.push_back(part.keys[i]);
        out.items.push_back(*std::move(value));
    }
    return out;
}

std::string Transformer::render(RoutedEvent const& routed) const {
    std::string out;
    if (constant_)
        return *constant_;
    if (lines_.empty()) {
        auto const value = path_ ? follow(routed.event, *path_) : std::optional(routed.event);
        append_json(out, value.value_or(JsonTree{}));
        return out;
    }
    for (auto const& line : lines_) {
        if (!out.empty())
            out += '\n';
        append_json(out, filled(line, routed).value_or(JsonTree{}));
    }
    return out;
}

} // namespace kontor::routing
