#pragma once

/// Settings: what can be configured, and for each value where it came from. Later wins: built-in,
/// /etc/kontor/kontor.toml, $XDG_CONFIG_HOME/kontor/kontor.toml, ./kontor.toml or --config FILE,
/// KONTOR_DATA__DIRECTORY=…, flags.

#include "base/result.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::programs {

enum class SettingType : unsigned char { text, boolean, whole_number };

/// One thing that can be set.
struct SettingDescription {
    std::string_view name; ///< "data.directory"
    SettingType type;
    std::string_view fallback;
    std::string_view what; ///< in a sentence
};

/// Everything that can be set, by name.
std::span<SettingDescription const> all_settings();

/// A value and its origin: "built-in", "/etc/kontor/kontor.toml:3", "KONTOR_DATA__DIRECTORY",
/// "--data".
struct Setting {
    std::string value;
    std::string origin;
};

class Settings {
public:
    /// The built-in values alone.
    Settings();

    /// Reads a file over what is there. A file that does not exist is skipped unless it is
    /// `required`.
    /// Errors: not_found, invalid (not TOML, an unknown name with the nearest known one, a value of
    ///         another type), each with file and line.
    Result<void> read_file(std::string const& path, bool required);

    /// Takes what the environment says: names in capitals, `__` between table and name.
    /// Errors: invalid.
    Result<void> read_environment(std::vector<std::string> const& variables);

    /// Errors: invalid (unknown name, value of another type).
    Result<void> set(std::string_view name, std::string value, std::string origin);

    std::string const& text(std::string_view name) const;
    bool boolean(std::string_view name) const;
    std::int64_t whole_number(std::string_view name) const;
    std::map<std::string, Setting, std::less<>> const& values() const { return values_; }

private:
    std::map<std::string, Setting, std::less<>> values_;
};

/// The files and environment of this process, in their sequence; `config_file` replaces
/// ./kontor.toml.
/// Errors: as read_file and read_environment.
Result<Settings> load_settings(std::optional<std::string> const& config_file);

/// The known word that is spelled most like `word`, if one is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, std::vector<std::string> const& known);

} // namespace kontor::programs
