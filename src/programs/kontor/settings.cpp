#include "programs/kontor/settings.hpp"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <unistd.h>

namespace kontor::programs {
namespace {

constexpr std::array settings{
    SettingDescription{"data.cold_after_days", SettingType::whole_number, "90",
                       "how old, in days, a finished part of the log is when it is compressed"},
    SettingDescription{"data.directory", SettingType::text, "./kontor-data",
                       "where the shop's facts are kept"},
    SettingDescription{"data.require_durable", SettingType::boolean, "false",
                       "refuse a file system that is not known to survive a power cut"},
    SettingDescription{"aws.account", SettingType::text, "000000000000",
                       "the account that queues are named by"},
    SettingDescription{"aws.region", SettingType::text, "us-east-1",
                       "the region that queues are named by"},
    SettingDescription{"aws.wire.keys", SettingType::text, "",
                       "the file of access keys that may use them; empty: with auth.dev any may"},
    SettingDescription{"aws.wire.public_url", SettingType::text, "",
                       "the address that queues are named by; empty: the Host of the request"},
    SettingDescription{"aws.wire.queues", SettingType::text, "journal",
                       "the bus and its queues, and what AWS's clients find at the port behind the "
                       "console's: journal, in the shop's log, or off"},
    SettingDescription{"http.port", SettingType::whole_number, "8080",
                       "the shop's port; the console has the next one, AWS's clients the third"},
    SettingDescription{"http.listen", SettingType::text, "127.0.0.1",
                       "the address to listen at; beyond this machine only without auth.dev"},
    SettingDescription{"http.hosts", SettingType::text, "localhost, 127.0.0.1, [::1]",
                       "names that a request may call this server by, with commas"},
    SettingDescription{"http.trusted_proxies", SettingType::text, "",
                       "addresses of balancers that say whose a connection is, by PROXY protocol "
                       "v2, with commas; from nobody else is it believed"},
    SettingDescription{"auth.dev", SettingType::boolean, "true",
                       "let whoever reads run/dev.token do everything"},
    SettingDescription{"limits.connections", SettingType::whole_number, "12000",
                       "connections at one time"},
    SettingDescription{"limits.connections_per_address", SettingType::whole_number, "100",
                       "connections at one time from one address"},
    SettingDescription{"limits.body_bytes", SettingType::whole_number, "1048576",
                       "bytes in the body of a request"},
    SettingDescription{"limits.requests_per_connection", SettingType::whole_number, "1000",
                       "requests until a connection is closed"},
    SettingDescription{"keys.master.file", SettingType::text, "",
                       "where the master key of persons' keys lies; empty: keys/master.key"},
    SettingDescription{"keys.master.env", SettingType::text, "",
                       "the environment variable that has the master key, in place of a file"},
    SettingDescription{"mail.server", SettingType::text, "",
                       "the mail server, like mail.example.org:587; empty: letters stay in an "
                       "outbox that operators see"},
    SettingDescription{"mail.security", SettingType::text, "starttls",
                       "how letters go to it: starttls, tls (from the first byte) or none"},
    SettingDescription{"mail.from", SettingType::text, "",
                       "who writes, like The Shop <shop@example.org>"},
    SettingDescription{"mail.user", SettingType::text, "",
                       "as whom the mail server knows us; empty: it asks nobody"},
    SettingDescription{"mail.password.file", SettingType::text, "",
                       "the file whose first line is the password for the mail server"},
    SettingDescription{"mail.password.env", SettingType::text, "",
                       "the environment variable that has it, in place of a file"},
    SettingDescription{"mail.ca_file", SettingType::text, "",
                       "certificates that vouch for the mail server; empty: those of the machine"},
    SettingDescription{"mail.operators", SettingType::text, "",
                       "the address that alerts go to; empty: they stand in the log alone"},
    SettingDescription{"payments.url", SettingType::text, "",
                       "where a payment provider outside answers; empty: the sandbox inside"},
    SettingDescription{"payments.secrets", SettingType::text, "./kontor-sandbox",
                       "the directory with api.key and webhook.secrets of that provider"},
    SettingDescription{"payments.in_flight", SettingType::whole_number, "25",
                       "calls to that provider at one time; more wait for their turn"},
    SettingDescription{"payments.breaker.slow_ms", SettingType::whole_number, "5000",
                       "an answer that takes so many milliseconds counts as a bad one"},
    SettingDescription{"payments.breaker.calls_min", SettingType::whole_number, "20",
                       "fewer calls in ten seconds open no breaker"},
    SettingDescription{"payments.breaker.bad_percent", SettingType::whole_number, "50",
                       "so many of a hundred calls that go badly open it"},
    SettingDescription{"payments.breaker.rest_ms", SettingType::whole_number, "5000",
                       "so long an open one lets no call out; each time it opens again, twice"},
    SettingDescription{"payments.breaker.rest_max_ms", SettingType::whole_number, "60000",
                       "but no longer than this"},
    SettingDescription{"payments.breaker.tries", SettingType::whole_number, "3",
                       "calls that must go well until it closes"},
    SettingDescription{"payments.retries.percent", SettingType::whole_number, "20",
                       "repetitions for a hundred first calls, at most"},
    SettingDescription{"payments.retries.per_second", SettingType::whole_number, "10",
                       "and so many more in a second"},
    SettingDescription{"services.elsewhere", SettingType::text, "",
                       "services whose queues are left to programs of your own, with commas: "
                       "inventory, notification"},
    SettingDescription{
        "telemetry.log_requests", SettingType::text, "notable",
        "which requests get a line in the log: notable (errors and slow ones) or all"},
    SettingDescription{"telemetry.slow_ms", SettingType::whole_number, "250",
                       "from so many milliseconds on a request counts as slow"},
    SettingDescription{"webhooks.loopback", SettingType::boolean, "false",
                       "let webhooks and topics call this machine, over http too: for tests, "
                       "and for a shop on one's own machine"},
    SettingDescription{"output.progress", SettingType::text, "auto",
                       "how progress is shown: auto, plain, json or off"},
};

constexpr std::string_view environment_prefix = "KONTOR_";

SettingDescription const* description_of(std::string_view name) {
    auto const found = std::ranges::find(settings, name, &SettingDescription::name);
    return found == settings.end() ? nullptr : &*found;
}

Failure unknown_setting(std::string_view name, std::string_view where) {
    std::vector<std::string> known;
    for (auto const& setting : settings)
        known.emplace_back(setting.name);
    auto const meant = nearest(name, known);
    return {FailureKind::invalid,
            fmt::format("there is no setting `{}`{}", name,
                        meant ? fmt::format("; did you mean `{}`?", *meant) : ""),
            std::string(where)};
}

bool is_of_type(SettingType type, std::string_view value) {
    std::int64_t number = 0;
    switch (type) {
    case SettingType::text: return true;
    case SettingType::boolean: return value == "true" || value == "false";
    case SettingType::whole_number: {
        auto const [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        return error == std::errc{} && end == value.data() + value.size();
    }
    }
    KONTOR_UNREACHABLE();
}

std::string_view name_of(SettingType type) {
    switch (type) {
    case SettingType::text: return "a text";
    case SettingType::boolean: return "true or false";
    case SettingType::whole_number: return "a whole number";
    }
    KONTOR_UNREACHABLE();
}

/// A TOML value as text, if it is of a kind that a setting can have.
std::optional<std::string> as_text(toml::node const& node) {
    if (auto const* const text = node.as_string())
        return text->get();
    if (auto const* const flag = node.as_boolean())
        return flag->get() ? "true" : "false";
    if (auto const* const number = node.as_integer())
        return fmt::format("{}", number->get());
    return std::nullopt;
}

Result<void> read_table(Settings& into, toml::table const& table, std::string const& prefix,
                        std::string const& path) {
    for (auto const& [key, node] : table) {
        auto const name = prefix + std::string(key.str());
        auto const where = fmt::format("{}:{}", path, node.source().begin.line);
        if (auto const* const inner = node.as_table()) {
            KONTOR_TRY(read_table(into, *inner, name + ".", path));
            continue;
        }
        auto const value = as_text(node);
        if (!value)
            return unexpected(Failure{FailureKind::invalid,
                                      fmt::format("`{}` takes one plain value", name), where});
        KONTOR_TRY(into.set(name, *value, where));
    }
    return {};
}

} // namespace

std::span<SettingDescription const> all_settings() {
    return settings;
}

Settings::Settings() {
    for (auto const& setting : settings)
        values_[std::string(setting.name)] = {std::string(setting.fallback), "built-in"};
}

Result<void> Settings::read_file(std::string const& path, bool required) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        if (required)
            return unexpected(
                Failure{FailureKind::not_found, "there is no such settings file", path});
        return {};
    }
    try {
        return read_table(*this, toml::parse_file(path), "", path);
    } catch (toml::parse_error const& parse_error) {
        return unexpected(Failure{FailureKind::invalid, std::string(parse_error.description()),
                                  fmt::format("{}:{}", path, parse_error.source().begin.line)});
    }
}

Result<void> Settings::read_environment(std::vector<std::string> const& variables) {
    for (auto const& variable : variables) {
        auto const equals = variable.find('=');
        auto const separator = variable.find("__");
        bool const ours = variable.starts_with(environment_prefix) && separator < equals;
        if (!ours)
            continue;
        auto name = variable.substr(environment_prefix.size(), equals - environment_prefix.size());
        std::ranges::transform(name, name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        for (auto at = separator - environment_prefix.size(); at != std::string::npos;
             at = name.find("__"))
            name.replace(at, 2, ".");
        KONTOR_TRY(set(name, variable.substr(equals + 1), variable.substr(0, equals)));
    }
    return {};
}

Result<void> Settings::set(std::string_view name, std::string value, std::string origin) {
    auto const* const description = description_of(name);
    if (description == nullptr)
        return unexpected(unknown_setting(name, origin));
    if (!is_of_type(description->type, value))
        return unexpected(
            Failure{FailureKind::invalid,
                    fmt::format("`{}` takes {}, not `{}`", name, name_of(description->type), value),
                    std::move(origin)});
    values_.find(name)->second = {std::move(value), std::move(origin)};
    return {};
}

std::string const& Settings::text(std::string_view name) const {
    auto const found = values_.find(name);
    KONTOR_ASSERT(found != values_.end(), "no setting {}", name);
    return found->second.value;
}

bool Settings::boolean(std::string_view name) const {
    return text(name) == "true";
}

std::int64_t Settings::whole_number(std::string_view name) const {
    auto const& value = text(name);
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

Result<Settings> load_settings(std::optional<std::string> const& config_file) {
    Settings loaded;
    KONTOR_TRY(loaded.read_file("/etc/kontor/kontor.toml", false));
    auto const* const xdg = std::getenv("XDG_CONFIG_HOME");
    auto const* const home = std::getenv("HOME");
    if (xdg != nullptr && *xdg != '\0')
        KONTOR_TRY(loaded.read_file(std::string(xdg) + "/kontor/kontor.toml", false));
    else if (home != nullptr)
        KONTOR_TRY(loaded.read_file(std::string(home) + "/.config/kontor/kontor.toml", false));
    KONTOR_TRY(loaded.read_file(config_file.value_or("./kontor.toml"), config_file.has_value()));
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        variables.emplace_back(*variable);
    KONTOR_TRY(loaded.read_environment(variables));
    return loaded;
}

std::optional<std::string> nearest(std::string_view word, std::vector<std::string> const& known) {
    // The optimal string alignment distance: two letters in the wrong sequence are one slip.
    auto const distance = [&](std::string_view other) {
        std::vector<std::vector<std::size_t>> of(word.size() + 1,
                                                 std::vector<std::size_t>(other.size() + 1));
        for (std::size_t i = 0; i <= word.size(); ++i)
            for (std::size_t j = 0; j <= other.size(); ++j) {
                if (i == 0 || j == 0) {
                    of[i][j] = i + j;
                    continue;
                }
                auto const replaced = of[i - 1][j - 1] + (word[i - 1] == other[j - 1] ? 0 : 1);
                of[i][j] = std::min({of[i - 1][j] + 1, of[i][j - 1] + 1, replaced});
                if (i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1])
                    of[i][j] = std::min(of[i][j], of[i - 2][j - 2] + 1);
            }
        return of.back().back();
    };
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (auto const& candidate : known)
        if (auto const d = distance(candidate); d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    return best;
}

} // namespace kontor::programs
