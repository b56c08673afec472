#include "services/import/report.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

/// Text for a terminal: nothing of the file may steer it.
std::string shown(std::string_view text) {
    std::string out;
    for (char const c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? '?' : c;
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

template <class Range, class Write>
std::string joined(Range const& range, Write write) {
    std::string out;
    for (auto const& each : range)
        out += (out.empty() ? "" : ",") + write(each);
    return out;
}

std::string as_object(std::vector<Figure> const& figures) {
    return "{" +
           joined(figures,
                  [](Figure const& figure) {
                      return quoted(figure.key) + ":" + quoted(figure.value);
                  }) +
           "}";
}

std::string as_json(RowGroup const& group) {
    return fmt::format(
        R"({{"class":{},"rejected":{},"rows":{},"units":{},"pounds":"{}","samples":[{}]}})",
        quoted(group.name), group.is_rejected, group.rows, group.units, pounds(group.micropounds),
        joined(group.samples, [](Sample const& sample) {
            auto const why = sample.why.empty() ? std::string() : R"(,"why":)" + quoted(sample.why);
            return fmt::format(R"({{"line":{},"text":{}{}}})", sample.file_line,
                               quoted(sample.text), why);
        }));
}

std::string as_json(Equation const& equation) {
    return fmt::format(R"({{"name":{},"left":{},"right":{},"holds":{}}})", quoted(equation.name),
                       quoted(equation.left), quoted(equation.right), equation.holds());
}

void write_groups(std::string& out, Report const& report) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "{:<20} {:>9} {:>12} {:>18}\n", "what the rows are", "rows", "units",
                   "pounds");
    for (auto const& group : report.groups)
        fmt::format_to(to, "{:<20} {:>9} {:>12} {:>18}{}\n", group.name, group.rows, group.units,
                       pounds(group.micropounds),
                       group.is_rejected && group.rows > 0 ? "  not imported" : "");
}

void write_samples(std::string& out, Report const& report) {
    auto to = std::back_inserter(out);
    for (auto const& group : report.groups) {
        if (!group.is_rejected || group.samples.empty())
            continue;
        fmt::format_to(to, "\nnot imported, {}:\n", group.name);
        for (auto const& sample : group.samples)
            fmt::format_to(to, "  line {}: {}{}{}\n", sample.file_line, shown(sample.text),
                           sample.why.empty() ? "" : "  <- ", sample.why);
    }
}

void write_months(std::string& out, Figures const& figures) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "\n{:<8} {:>7} {:>14} {:>12} {:>12} {:>12}\n", "month", "orders", "gross",
                   "cancelled", "returned", "goodwill");
    for (auto const& [name, month] : figures.months)
        fmt::format_to(to, "{:<8} {:>7} {:>14} {:>12} {:>12} {:>12}\n", name, month.orders,
                       pounds_of_minor(month.gross), pounds_of_minor(month.cancelled),
                       pounds_of_minor(month.returned), pounds_of_minor(month.goodwill));
}

/// One figure of the plan found in the log: there are many, and alike.
bool is_of_one_figure(Equation const& equation) {
    return equation.name.starts_with(log_is_plan);
}

/// Each with both its sides and whether it holds. Figures that are as planned share a row; one that
/// is not has its own.
void write_equations(std::string& out, Report const& report) {
    std::vector<Equation const*> shown;
    std::size_t as_planned = 0;
    std::size_t planned = 0;
    std::size_t holding = 0;
    for (auto const& equation : report.equations) {
        holding += equation.holds();
        planned += is_of_one_figure(equation);
        as_planned += is_of_one_figure(equation) && equation.holds();
        if (!is_of_one_figure(equation) || !equation.holds())
            shown.push_back(&equation);
    }
    Equation const figures{"figures of the log = figures of the plan",
                           fmt::format("{}", as_planned), fmt::format("{}", planned)};
    if (planned > 0)
        shown.push_back(&figures);
    std::string_view const title = "equation";
    auto width = title.size();
    std::size_t left = 0;
    std::size_t right = 0;
    for (auto const* equation : shown) {
        width = std::max(width, equation->name.size());
        left = std::max(left, equation->left.size());
        right = std::max(right, equation->right.size());
    }
    auto to = std::back_inserter(out);
    fmt::format_to(to, "\n{:<{}}  both sides\n", title, width);
    for (auto const* equation : shown)
        fmt::format_to(to, "{:<{}}  {:>{}} {} {:>{}}  {}\n", equation->name, width, equation->left,
                       left, equation->holds() ? "=" : "≠", equation->right, right,
                       equation->holds() ? "holds" : "FAILED");
    fmt::format_to(to, "\n{} of {} equations hold to the penny.\n", holding,
                   report.equations.size());
}

} // namespace

std::string to_text(Report const& report) {
    auto const& figures = report.booked ? *report.booked : report.planned;
    std::string out;
    auto to = std::back_inserter(out);
    fmt::format_to(to, "{}: {} rows\n\n", shown(report.file), report.of_file.front().value);
    write_groups(out, report);
    fmt::format_to(
        to,
        "\n{} orders of {} customers and {} guests, {} lines, {} pounds\n"
        "{} cancelled the same day, {} returned, {} goodwill\n"
        "{} captured - {} refunded = {} net\n"
        "stock: {} opening - {} ordered + {} cancelled + {} restocked + {} found - {} lost "
        "= {} on hand\n",
        figures.orders, figures.customers, figures.orders_guest, figures.order_lines,
        pounds_of_minor(figures.gross()), pounds_of_minor(figures.cancelled),
        pounds_of_minor(figures.returned), pounds_of_minor(figures.goodwill),
        pounds_of_minor(figures.captured), pounds_of_minor(figures.refunded),
        pounds_of_minor(figures.net()), figures.stock.opening, figures.stock.ordered,
        figures.stock.cancelled, figures.stock.restocked, figures.stock.found, figures.stock.lost,
        figures.stock.on_hand);
    write_months(out, figures);
    write_samples(out, report);
    write_equations(out, report);
    return out;
}

std::string to_json(Report const& report) {
    auto figures = report.of_file;
    auto const list = listed(report.booked ? *report.booked : report.planned);
    figures.insert(figures.end(), list.begin(), list.end());
    figures.insert(figures.end(), report.matching.begin(), report.matching.end());
    return fmt::format(
        R"({{"file":{},"figures":{},"groups":[{}],"equations":[{}],"holds":{}}})",
        quoted(report.file), as_object(figures),
        joined(report.groups, [](RowGroup const& group) { return as_json(group); }),
        joined(report.equations, [](Equation const& equation) { return as_json(equation); }),
        report.all_hold());
}

} // namespace kontor::online_retail
