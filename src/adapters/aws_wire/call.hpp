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

/// Whether the caller may send to what an ARN names: nobody has others write for them where they
/// may not write themselves. To a queue sqs:SendMessage, to a topic sns:Publish, to a bus
/// events:PutEvents; of anything else whoever is asked says whether it can be sent to.
/// Errors: AccessDenied.
Wired<void> permit_sending(Call const& call, std::string_view arn);

} // namespace kontor::aws_wire
