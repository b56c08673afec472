#pragma once

/// Output: answers on stdout, everything else on stderr; as a table for people, as JSON or as
/// tab-separated lines for programs. Colour only where a person sees it.   Thread: one.

#include "domain/values/money.hpp"
#include "programs/kontor/trouble.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::programs {

enum class Format : unsigned char { table, json, plain };

struct OutputOptions {
    Format format{Format::table};
    bool quiet{false};
    bool verbose{false};
    bool colour{false};
};

/// Colour is for terminals, unless NO_COLOR is set, TERM is dumb, or the person said no.
bool wants_colour(bool no_colour_flag);

/// One column of a table: its heading, the member of the row's object it shows, and where it
/// stands.
struct Column {
    enum class Align : unsigned char { left, right };
    std::string heading;
    std::string member;
    Align align{Align::left};
};
/// Where numbers stand.
inline constexpr auto to_right = Column::Align::right;

class Output {
public:
    explicit Output(OutputOptions options) : options_(options) {}

    OutputOptions const& options() const { return options_; }

    /// A list: a table with headings, one JSON object a line, or one tab-separated line each.
    void rows(std::vector<Column> const& columns,
              std::vector<boost::json::object> const& rows) const;

    /// One thing: a line a member, one JSON object, or tab-separated name and value.
    void object(boost::json::object const& object) const;

    /// A sentence for people; silent under --quiet and where a program reads.
    void say(std::string_view sentence) const;

    /// What should be known and stops nothing, on stderr: a sentence, or an object where JSON was
    /// asked for. Silent under --quiet, and for an empty sentence.
    void notice(std::string_view sentence) const;

    /// What went wrong, where, what to do and under which code, on stderr: three lines for people,
    /// an object where JSON was asked for. Returns the exit code, for `return output.fail(…)`.
    ExitCode fail(Trouble const& trouble) const;

    /// The exit code of what a command came to; its trouble is told.
    ExitCode ended(Outcome const& outcome) const {
        return outcome ? *outcome : fail(outcome.error());
    }

private:
    OutputOptions options_;
};

/// Money as the API writes it.
boost::json::object money(std::int64_t minor, std::string_view currency);
boost::json::object money(Money amount);

/// A JSON value as a person reads it: text without quotes, lists with commas, money with its
/// digits.
std::string readable(boost::json::value const& value);

} // namespace kontor::programs
