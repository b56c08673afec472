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

/// What marks a placeholder that was accepted: a NUL, which a template may not have. Outside of
/// strings it becomes a string that begins so; in a string it is preceded by one.
constexpr char mark_of_placeholder = '\0';
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
void append_without_detail(std::string& out, JsonTree const& event) {
    out += '{';
    for (std::size_t i = 0; i < event.items.size(); ++i) {
        if (event.keys[i] == "detail")
            continue;
        out += out.back() == '{' ? "\"" : ",\"";
        append_json_characters(out, event.keys[i] == "detail-type" ? "detailType" : event.keys[i]);
        out += "\":";
        append_json(out, event.items[i]);
    }
    out += '}';
}

bool has_placeholder_key(JsonTree const& tree) {
    return std::any_of(tree.keys.begin(), tree.keys.end(),
                       [](auto const& key) {
                           return key.find(mark_of_placeholder) != std::string::npos;
                       }) ||
           std::any_of(tree.items.begin(), tree.items.end(), has_placeholder_key);
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
                json += is_in_text ? fmt::format("\\u0000<{}>", name)
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

/// What a variable stands for.
struct Transformer::Value {
    std::vector<JsonTree const*> parts{}; ///< of the event; none: `made`
    bool is_list{false};                  ///< however many parts there are
    bool hides_detail{false};
    JsonTree made{};

    JsonTree const& whole() const { return parts.empty() ? made : *parts.front(); }

    void append_to(std::string& out) const {
        if (hides_detail)
            return append_without_detail(out, whole());
        if (!is_list)
            return append_json(out, whole());
        out += '[';
        for (auto const* const each : parts) {
            out += each == parts.front() ? "" : ",";
            append_json(out, *each);
        }
        out += ']';
    }
};

std::optional<Transformer::Value> Transformer::follow(JsonTree const& event, Path const& path) {
    Value value;
    collect(event, path, 0, value.parts);
    value.is_list =
        std::any_of(path.begin(), path.end(), [](Step const& step) { return step.is_all; });
    return value.parts.empty() ? std::nullopt : std::optional(std::move(value));
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

std::optional<Transformer::Value> Transformer::value_of(std::string_view name,
                                                        RoutedEvent const& routed) const {
    if (auto const found = variables_.find(name); found != variables_.end())
        return follow(routed.event, found->second);
    if (name == "aws.events.rule-arn")
        return Value{{}, false, false, text_tree(routed.rule_arn)};
    if (name == "aws.events.rule-name")
        return Value{{}, false, false, text_tree(routed.rule_name)};
    if (name == "aws.events.event.ingestion-time")
        return Value{{}, false, false, text_tree(routed.ingested_at)};
    KONTOR_ASSERT(is_bare_only(name), "`{}` was accepted as a placeholder", name);
    return Value{{&routed.event}, false, name == "aws.events.event", {}};
}

/// Stops where it is already longer than a target may get.
std::string Transformer::filled_text(std::string_view text, RoutedEvent const& routed) const {
    std::string out;
    while (out.size() <= rendered_size_max) {
        auto const mark = text.find(mark_of_placeholder);
        out += text.substr(0, mark);
        if (mark == std::string_view::npos)
            break;
        text.remove_prefix(mark + 1);
        auto const name = placeholder_at(text);
        text.remove_prefix(name.size() + 2);
        auto const value = value_of(name, routed);
        if (value && !value->is_list && value->whole().type == JsonType::text)
            out += value->whole().text;
        else if (value)
            value->append_to(out);
    }
    return out;
}

void Transformer::append_items(std::string& out, JsonTree const& part,
                               RoutedEvent const& routed) const {
    bool is_first = true;
    for (std::size_t i = 0; i < part.items.size() && out.size() <= rendered_size_max; ++i) {
        auto const before = out.size();
        out += is_first ? "" : ",";
        if (part.type == JsonType::object) {
            out += '"';
            append_json_characters(out, part.keys[i]);
            out += "\":";
        }
        if (append_filled(out, part.items[i], routed))
            is_first = false;
        else
            out.resize(before);
    }
}

/// False: it is a placeholder whose path leads nowhere.
bool Transformer::append_filled(std::string& out, JsonTree const& part,
                                RoutedEvent const& routed) const {
    switch (part.type) {
    case JsonType::null_:
    case JsonType::true_:
    case JsonType::false_:
    case JsonType::number: append_json(out, part); return true;
    case JsonType::text: {
        if (part.text.starts_with(bare_mark)) {
            auto const value =
                value_of(std::string_view(part.text).substr(bare_mark.size()), routed);
            if (value)
                value->append_to(out);
            return value.has_value();
        }
        out += '"';
        append_json_characters(out, filled_text(part.text, routed));
        out += '"';
        return true;
    }
    case JsonType::list:
    case JsonType::object: break;
    }
    out += part.type == JsonType::object ? '{' : '[';
    append_items(out, part, routed);
    out += part.type == JsonType::object ? '}' : ']';
    return true;
}

Result<std::string, InputError> Transformer::render(RoutedEvent const& routed) const {
    if (constant_)
        return *constant_;
    std::string out;
    if (lines_.empty()) {
        auto const value = follow(routed.event, path_.value_or(Path{}));
        value.value_or(Value{}).append_to(out);
    }
    for (auto const& line : lines_) {
        if (out.size() > rendered_size_max)
            break;
        if (&line != &lines_.front())
            out += '\n';
        if (!append_filled(out, line, routed))
            out += "null";
    }
    if (out.size() > rendered_size_max)
        return refuse(InputFault::rendered_too_large,
                      fmt::format("the target would get more than {} bytes", rendered_size_max));
    return out;
}

} // namespace kontor::routing
