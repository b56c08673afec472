#pragma once

/// Call: one request, understood and signed, as the operations of every service see it.
/// Thread: one.

#include "adapters/aws_wire/key_book.hpp"
#include "adapters/aws_wire/params.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

/// The scheme and authority that clients reach this endpoint by: "http://localhost:8082".
struct PublicUrl {
    std::string text{};
};

struct Call {
    std::string_view operation{};
    Params params;
    Caller const& caller;
    PublicUrl base{};        ///< by which the caller reached us
    std::string_view path{}; ///< names a queue where no parameter does
};

/// Whether the caller may do what the call says, with that resource.
/// Errors: AccessDenied.
Wired<void> permit(Call const& call, std::string_view service, std::string_view resource);

} // namespace kontor::aws_wire
