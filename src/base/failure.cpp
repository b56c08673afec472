#include "base/failure.hpp"

#include "base/names.hpp"

#include <fmt/core.h>

namespace kontor {

std::string_view name(FailureKind kind) {
    return enumerator_name(kind);
}

std::string to_string(Failure const& failure) {
    if (failure.where.empty())
        return fmt::format("{}: {}", name(failure.kind), failure.what);
    return fmt::format("{}: {} ({})", name(failure.kind), failure.what, failure.where);
}

} // namespace kontor
