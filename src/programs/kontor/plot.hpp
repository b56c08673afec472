#pragma once

/// Plots for reports: lines over axes, as SVG that needs nothing beside it.   Thread: any.

#include <string>
#include <utility>
#include <vector>

namespace kontor::programs {

struct Axis {
    std::string label;
    bool logarithmic{false}; ///< by decades; then all values must be above zero
    /// Where to write what; empty: round values are chosen.
    std::vector<std::pair<double, std::string>> ticks{};
};

struct Series {
    std::string name;
    std::vector<std::pair<double, double>> points; ///< by rising x
};

struct Plot {
    std::string title; ///< read aloud in place of the picture
    Axis x;
    Axis y;
    std::vector<Series> series;
};

/// An <svg> element, 720 x 360; its colours work on light and on dark ground. Each line has a dash
/// pattern of its own beside its colour.
std::string svg_of(Plot const& plot);

/// The letters of a text that mean something in HTML, written so that they do not.
std::string html_text(std::string_view text);

} // namespace kontor::programs
