#pragma once

/// GoldenFiles: the committed samples of one stored type in tests/golden, `order.placed.v1.json`
/// and `.hex`, and beside them `.bare` ones without optional fields.
///
/// Invariant: a file is only ever added.   Place: specs only.

#include "codec/stored.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kontor::codec {

class GoldenFiles {
public:
    GoldenFiles(EventTypeRow const& row, bool with_optionals);

    /// "order.placed.v1", "order.placed.v1.bare"
    std::string const& stem() const { return stem_; }
    bool exist() const;
    std::string json() const;
    std::vector<std::uint8_t> bytes() const;
    /// Writes both when neither exists and KONTOR_WRITE_GOLDEN is set.
    void add_if_missing(std::string const& json, std::span<std::uint8_t const> bytes) const;

private:
    std::string path(char const* ending) const;
    std::string stem_;
};

/// A path in the source tree, which is found from the working directory upwards by its mark,
/// src/layers.txt.
std::string source_path(std::string const& relative);

} // namespace kontor::codec
