#include "programs/kontor/typed_numbers.hpp"

#include <charconv>
#include <cstdint>

namespace kontor::programs {
namespace {

CLI::Validator whole_number_from(std::int64_t first, std::string wanted) {
    return {[first, wanted](std::string const& typed) -> std::string {
                std::int64_t number = 0;
                auto const* const end = typed.data() + typed.size();
                auto const [at, error] = std::from_chars(typed.data(), end, number);
                bool const is_one = error == std::errc{} && at == end && number >= first;
                return is_one ? "" : wanted + ", and this is " + typed;
            },
            ""};
}

} // namespace

CLI::Validator whole_units() {
    return whole_number_from(1, "a whole number of pieces, 1 or more, is wanted");
}

CLI::Validator minor_units() {
    return whole_number_from(1, "a whole number in the smallest unit, 1 or more, is wanted (949 is "
                                "9.49)");
}

CLI::Validator minor_units_or_none() {
    return whole_number_from(0, "a whole number in the smallest unit is wanted (949 is 9.49)");
}

} // namespace kontor::programs
