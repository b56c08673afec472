#pragma once

/// Statistics: what rounds of one measurement come to, and how far that may be trusted. The only
/// place where rows become one number.   Thread: any.

#include <vector>

namespace kontor::bench {

/// Zero: there are no rows.
double median(std::vector<double> rows);

/// The limits within which the true median lies in 95 of 100 cases.
struct Interval {
    double low;
    double high;
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// Draws the rows anew, with repetitions, 10,000 times by a fixed seed, and takes the 2.5th and the
/// 97.5th percentile of the medians: the same rows give the same interval, in any sequence.
/// Requires: rows.
/// Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
Interval bootstrap_interval(std::vector<double> rows);

/// Rounds that differ by more than a factor of two were measured on different machines, so to
/// speak.
bool is_scattered(std::vector<double> const& rows);

/// Row by row, above / (factor * below).   Requires: as many of both.
std::vector<double> ratios(std::vector<double> const& above, std::vector<double> const& below,
                           double factor = 1);

} // namespace kontor::bench
