#include "programs/kontor/output.hpp"

#include "programs/kontor/streams.hpp"

#include "base/characters.hpp"
#include "domain/values/money.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace kontor::programs {
namespace {

/// How many columns a UTF-8 text takes; wide characters are not told apart (our choice: titles are
/// short).
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string padded(std::string_view text, std::size_t width, Column::Align align) {
    auto const missing = width - std::min(width, width_of(text));
    std::string const spaces(missing, ' ');
    return align == Column::Align::right ? spaces + std::string(text) : std::string(text) + spaces;
}

std::string cell(boost::json::object const& row, Column const& column) {
    auto const* const value = row.if_contains(column.member);
    return value == nullptr ? "" : without_controls(readable(*value));
}

bool is_money(boost::json::object const& object) {
    return object.size() == 2 && object.contains("amount") && object.contains("currency");
}

std::string readable_money(boost::json::object const& object) {
    auto const currency = Currency::parse(std::string(object.at("currency").as_string()));
    auto const amount =
        currency ? Money::create(object.at("amount").to_number<std::int64_t>(), *currency)
                 : Result<Money, MoneyError>(unexpected(MoneyError::out_of_range));
    return amount ? amount->to_string() : boost::json::serialize(object);
}

/// "payment paid, fulfilment shipped": its members that have something to say.
std::string readable_members(boost::json::object const& object) {
    std::string text;
    for (auto const& member : object) {
        auto const said = readable(member.value());
        if (!said.empty())
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", std::string_view(member.key()),
                                said);
    }
    return text;
}

void print_table(std::vector<Column> const& columns,
                 std::vector<std::vector<std::string>> const& cells, bool colour) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        widths.push_back(width_of(columns[i].heading));
        for (auto const& line : cells)
            widths.back() = std::max(widths.back(), width_of(line[i]));
    }
    std::string heading;
    for (std::size_t i = 0; i < columns.size(); ++i)
        heading += (i == 0 ? "" : "  ") + padded(columns[i].heading, widths[i], columns[i].align);
    answer("{}{}{}\n", colour ? "\033[1m" : "", heading, colour ? "\033[0m" : "");
    for (auto const& line : cells) {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i)
            text += (i == 0 ? "" : "  ") + padded(line[i], widths[i], columns[i].align);
        text.erase(text.find_last_not_of(' ') + 1);
        answer("{}\n", text);
    }
}

} // namespace

bool wants_colour(bool no_colour_flag) {
    auto const* const no_colour = std::getenv("NO_COLOR");
    auto const* const term = std::getenv("TERM");
    bool const dumb = term == nullptr || std::string_view(term) == "dumb";
    return !no_colour_flag && (no_colour == nullptr || *no_colour == '\0') && !dumb &&
           isatty(STDOUT_FILENO) == 1;
}

boost::json::object money(std::int64_t minor, std::string_view currency) {
    return {{"amount", minor}, {"currency", currency}};
}

boost::json::object money(Money amount) {
    return money(amount.minor(), amount.currency().code());
}

std::string readable(boost::json::value const& value) {
    if (auto const* const text = value.if_string())
        return std::string(*text);
    if (auto const* const object = value.if_object())
        return is_money(*object) ? readable_money(*object) : readable_members(*object);
    if (auto const* const list = value.if_array()) {
        std::string text;
        for (auto const& item : *list)
            text += (text.empty() ? "" : ", ") + readable(item);
        return text;
    }
    return value.is_null() ? "" : boost::json::serialize(value);
}

void Output::rows(std::vector<Column> const& columns,
                  std::vector<boost::json::object> const& rows) const {
    if (options_.format == Format::json) {
        for (auto const& row : rows)
            answer("{}\n", boost::json::serialize(row));
        return;
    }
    std::vector<std::vector<std::string>> cells;
    for (auto const& row : rows) {
        auto& line = cells.emplace_back();
        for (auto const& column : columns)
            line.push_back(cell(row, column));
    }
    if (options_.format == Format::table) {
        print_table(columns, cells, options_.colour);
        return;
    }
    for (auto const& line : cells) {
        for (std::size_t i = 0; i < line.size(); ++i)
            answer("{}{}", i == 0 ? "" : "\t", line[i]);
        answer("\n");
    }
}

void Output::object(boost::json::object const& object) const {
    if (options_.format == Format::json) {
        answer("{}\n", boost::json::serialize(object));
        return;
    }
    std::size_t width = 0;
    for (auto const& member : object)
        width = std::max(width, member.key().size());
    for (auto const& member : object) {
        auto const name = std::string(member.key());
        if (options_.format == Format::plain)
            answer("{}\t{}\n", name, without_controls(readable(member.value())));
        else
            answer("{}  {}\n", padded(name, width, Column::Align::left),
                   without_controls(readable(member.value())));
    }
}

void Output::say(std::string_view sentence) const {
    if (!options_.quiet && options_.format == Format::table)
        answer("{}\n", sentence);
}

void Output::notice(std::string_view sentence) const {
    if (sentence.empty() || options_.quiet)
        return;
    if (options_.format == Format::json)
        tell(
            fmt::format("{}\n", boost::json::serialize(boost::json::object{{"notice", sentence}})));
    else
        tell(fmt::format("kontor: notice: {}\n", sentence));
}

ExitCode Output::fail(Trouble const& trouble) const {
    auto const& [kind, what, where] = trouble.failure;
    auto const code = problems::code_text(*trouble.problem);
    auto const exit = exit_code_of(kind);
    if (options_.format == Format::json) {
        boost::json::object const object{{"code", code},
                                         {"name", trouble.problem->name},
                                         {"title", trouble.problem->title},
                                         {"detail", what},
                                         {"place", where},
                                         {"remedy", trouble.what_to_do()},
                                         {"retryable", trouble.problem->retryable},
                                         {"exit_code", static_cast<int>(exit)}};
        tell(fmt::format("{}\n", boost::json::serialize(object)));
        return exit;
    }
    tell(fmt::format("kontor: {}{}\n{}\n{} {}; see kontor explain {}\n", what,
                     where.empty() ? "" : fmt::format(" ({})", where), trouble.what_to_do(), code,
                     trouble.problem->name, code));
    return exit;
}

} // namespace kontor::programs
