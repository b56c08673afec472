#include "programs/kontor/plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace kontor::programs {
namespace {

constexpr double width = 720;
constexpr double height = 360;
constexpr double left = 70;
constexpr double right = 130; ///< with the names of the lines
constexpr double top = 16;
constexpr double bottom = 46;

struct Look {
    char const* colour;
    char const* dashes;
};
constexpr std::array looks{Look{"#0072b2", ""}, Look{"#d55e00", "6 3"}, Look{"#009e73", "2 3"},
                           Look{"#cc79a7", "8 3 2 3"}, Look{"#e69f00", "12 4"}};

/// From values to points of the picture.
class Scale {
public:
    Scale(Axis const& axis, double first, double last, double from, double to)
        : logarithmic_(axis.logarithmic), from_(from), to_(to) {
        first_ = placed(first);
        last_ = placed(last);
        if (last_ <= first_)
            last_ = first_ + 1;
    }
    double operator()(double value) const {
        return from_ + (placed(value) - first_) / (last_ - first_) * (to_ - from_);
    }

private:
    double placed(double value) const {
        return logarithmic_ ? std::log10(std::max(value, std::numeric_limits<double>::min()))
                            : value;
    }
    bool logarithmic_;
    double from_;
    double to_;
    double first_;
    double last_;
};

struct Range {
    double low{std::numeric_limits<double>::max()};
    double high{std::numeric_limits<double>::lowest()};

    void take(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

std::string number(double value) {
    return fmt::format("{:.6g}", value);
}

/// Whole decades around the values, or steps of 1, 2 or 5 times a power of ten from zero on.
std::vector<std::pair<double, std::string>> ticks_of(Axis const& axis, Range& range) {
    if (!axis.ticks.empty()) {
        for (auto const& tick : axis.ticks)
            range.take(tick.first);
        return axis.ticks;
    }
    std::vector<std::pair<double, std::string>> ticks;
    if (axis.logarithmic) {
        auto const first = std::floor(std::log10(range.low));
        auto const last = std::max(std::ceil(std::log10(range.high)), first + 1);
        for (auto decade = first; decade <= last; ++decade)
            ticks.emplace_back(std::pow(10, decade), number(std::pow(10, decade)));
    } else {
        constexpr double wanted = 6;
        auto const rough = std::max(range.high, 1e-9) / wanted;
        auto const power = std::pow(10, std::floor(std::log10(rough)));
        auto const times = rough / power;
        auto const step = (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power;
        for (double at = 0; at < range.high + step; at += step)
            ticks.emplace_back(at, number(at));
    }
    range.take(ticks.front().first);
    range.take(ticks.back().first);
    return ticks;
}

struct Drawn {
    std::string svg;

    void line(double x1, double y1, double x2, double y2) {
        svg += fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' "
                           "stroke='currentColor' stroke-opacity='.18'/>",
                           x1, y1, x2, y2);
    }
    void text(double x, double y, char const* anchor, std::string const& what) {
        svg += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='{}'>{}</text>", x, y, anchor,
                           html_text(what));
    }
    void series(Series const& series, Look const& look, Scale const& x, Scale const& y) {
        svg += fmt::format("<polyline fill='none' stroke='{}' stroke-width='2' "
                           "stroke-dasharray='{}' points='",
                           look.colour, look.dashes);
        for (auto const& [at, value] : series.points)
            svg += fmt::format("{:.1f},{:.1f} ", x(at), y(value));
        svg += "'/>";
        if (series.points.size() <= looks.size() * 2)
            for (auto const& [at, value] : series.points)
                svg += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='3' fill='{}'/>", x(at),
                                   y(value), look.colour);
    }
    void legend(Series const& series, Look const& look, double y) {
        constexpr double gap = 14;
        constexpr double sample = 26;
        auto const x = width - right + gap;
        svg += fmt::format("<line x1='{0}' y1='{2}' x2='{1}' y2='{2}' stroke='{3}' "
                           "stroke-width='2' stroke-dasharray='{4}'/>",
                           x, x + sample, y - 4, look.colour, look.dashes);
        text(x + sample + 4, y, "start", series.name);
    }
};

} // namespace

std::string html_text(std::string_view text) {
    std::string out;
    for (char const c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    return out;
}

std::string svg_of(Plot const& plot) {
    Range across;
    Range up;
    for (auto const& series : plot.series)
        for (auto const& [x, y] : series.points) {
            across.take(x);
            up.take(y);
        }
    if (across.low > across.high)
        across = up = {1, 1};
    auto const x_ticks = ticks_of(plot.x, across);
    auto const y_ticks = ticks_of(plot.y, up);
    Scale const x(plot.x, across.low, across.high, left, width - right);
    Scale const y(plot.y, up.low, up.high, height - bottom, top);
    Drawn drawn{fmt::format("<svg viewBox='0 0 {} {}' role='img' aria-label=\"{}\">", width, height,
                            html_text(plot.title))};
    constexpr double below = 16;
    for (auto const& [at, label] : x_ticks) {
        drawn.line(x(at), top, x(at), height - bottom);
        drawn.text(x(at), height - bottom + below, "middle", label);
    }
    for (auto const& [at, label] : y_ticks) {
        drawn.line(left, y(at), width - right, y(at));
        drawn.text(left - 6, y(at) + 4, "end", label);
    }
    drawn.text((left + width - right) / 2, height - 8, "middle", plot.x.label);
    drawn.svg += fmt::format("<text transform='translate(14 {:.0f}) rotate(-90)' "
                             "text-anchor='middle'>{}</text>",
                             (top + height - bottom) / 2, html_text(plot.y.label));
    for (std::size_t n = 0; n < plot.series.size(); ++n) {
        constexpr double row = 18;
        auto const& look = looks[n % looks.size()];
        drawn.series(plot.series[n], look, x, y);
        drawn.legend(plot.series[n], look, top + row * static_cast<double>(n + 1));
    }
    return drawn.svg + "</svg>";
}

} // namespace kontor::programs
