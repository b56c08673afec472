#pragma once

/// Transformer: what a rule's target gets of an event: all of it, a part, a constant, or a template
/// filled with parts. What comes out of a JSON template is JSON whatever the event says, for values
/// are put into the template's values, never into its text. What stands in the place of a
/// placeholder is what was read and accepted as one, never what looks like one after decoding.
/// Source: MESSAGING section 3; EventBridge's input transformation.

#include "platform/routing/json_tree.hpp"

#include <map>
#include <optional>

namespace kontor::routing {

inline constexpr std::size_t input_size_max = 8'192;
inline constexpr std::size_t input_path_size_max = 256;
inline constexpr std::size_t input_paths_max = 100;
inline constexpr std::size_t template_size_max = 8'192;
inline constexpr std::size_t variable_size_max = 256;
/// What a target gets at most: what the largest of them takes. A template may name the whole event
/// many times over.   Units: bytes.
inline constexpr std::size_t rendered_size_max = 1U << 20;

/// As a rule's author writes it; at most one of the three.
struct TargetInput {
    struct Template {
        std::map<std::string, std::string> paths{}; ///< of each variable
        std::string text{};
    };
    std::optional<std::string> constant{};
    std::optional<std::string> path{};
    std::optional<Template> filled{};
};

enum class InputFault : std::uint8_t {
    two_forms,
    too_long,
    too_many_paths,
    wrong_path,
    wrong_name,
    not_json,
    unknown_placeholder,
    placeholder_in_key,
    placeholder_in_text, ///< of a variable that only stands bare
    rendered_too_large
};

struct InputError {
    InputFault fault{};
    std::string what{}; ///< a sentence, for unknown placeholders in AWS's words
};

/// An event on its way to a target.
struct RoutedEvent {
    JsonTree const& event;
    std::string rule_name{};
    std::string rule_arn{};
    std::string ingested_at{}; ///< RFC 3339
};

class Transformer {
public:
    /// Reads what a target wants.
    /// Errors:   each InputFault. `target` is named in the sentence.
    static Result<Transformer, InputError> create(TargetInput const& input,
                                                  std::string_view target);

    /// What the target gets. A path that leads nowhere takes its member or element with it; in a
    /// string it leaves nothing, and alone `null`.
    /// Errors:   rendered_too_large.
    Result<std::string, InputError> render(RoutedEvent const& routed) const;

private:
    /// One step of a path: a key, an index, or all that there is.
    struct Step {
        std::string key{};
        std::optional<std::size_t> index{};
        bool is_all{false};
    };
    using Path = std::vector<Step>;

    struct Reading;
    struct Value;
    static std::optional<Path> parse_path(std::string_view text);
    static void collect(JsonTree const& value, Path const& path, std::size_t step,
                        std::vector<JsonTree const*>& found);
    static std::optional<Value> follow(JsonTree const& event, Path const& path);
    std::optional<Value> value_of(std::string_view name, RoutedEvent const& routed) const;
    bool append_filled(std::string& out, JsonTree const& part, RoutedEvent const& routed) const;
    void append_items(std::string& out, JsonTree const& part, RoutedEvent const& routed) const;
    std::string filled_text(std::string_view text, RoutedEvent const& routed) const;

    std::optional<std::string> constant_;
    std::optional<Path> path_;
    std::map<std::string, Path, std::less<>> variables_;
    std::vector<JsonTree> lines_; ///< of a template: one value, or strings
};

} // namespace kontor::routing
