#pragma once

/// GoldenFiles: the committed samples of one stored type in tests/golden, `order.placed.v1.json`
/// and `.hex`, and beside them `.bare` ones without optional fields. A type that got a field at its
/// end later has a `.grown` one that holds it too, the next time a `.grown2`, and so on.
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
    static GoldenFiles whole(EventTypeRow const& row);
    static GoldenFiles bare(EventTypeRow const& row);
    static GoldenFiles grown(EventTypeRow const& row, std::size_t times); ///< from 1

    /// All that there must be, and the grown ones that there are.
    static std::vector<GoldenFiles> of(EventTypeRow const& row);

    /// "order.placed.v1", "order.placed.v1.bare"
    std::string const& stem() const { return stem_; }
    bool exist() const;
    std::string json() const;
    std::vector<std::uint8_t> bytes() const;
    /// Writes both when neither exists and KONTOR_WRITE_GOLDEN is set.
    void add_if_missing(std::string const& json, std::span<std::uint8_t const> bytes) const;

private:
    GoldenFiles(EventTypeRow const& row, std::string const& ending);

    std::string path(char const* ending) const;
    std::string stem_;
};

/// A path in the source tree, which is found from the working directory upwards by its mark,
/// src/layers.txt.
std::string source_path(std::string const& relative);

} // namespace kontor::codec
