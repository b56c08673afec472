#pragma once

/// Requests with something wrong in them, or not: sound and malformed ones, cut, joined, and
/// changed by dice.

#include "base/random.hpp"

#include <string>
#include <vector>

namespace kontor::testing {

class Mutations {
public:
    explicit Mutations(std::uint64_t seed);

    /// The next one: one or two requests of the files of this folder, changed up to four times.
    std::string draw();

private:
    void change(std::string& bytes);
    std::string const& any_of(std::vector<std::string> const& list) {
        return list[dice_.below(list.size())];
    }
    std::size_t place_in(std::string const& bytes) { return dice_.below(bytes.size() + 1); }

    Random dice_;
    std::vector<std::string> seeds_;
    std::vector<std::string> pieces_;
};

} // namespace kontor::testing
