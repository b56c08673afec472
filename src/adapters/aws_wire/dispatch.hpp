#pragma once

/// What a request asks for, in which dialect: by the prefix of X-Amz-Target, else by Version, else
/// by the scope of its credential.   Thread: any.
/// Source: MESSAGING section 7, dispatch.

#include "adapters/aws_wire/signature.hpp"
#include "adapters/aws_wire/value.hpp"
#include "adapters/aws_wire/wire_error.hpp"

#include <string>

namespace kontor::aws_wire {

struct Asked {
    Dialect dialect{};
    std::string operation{};
    Value params{};
};

/// A refusal has a dialect too, for whoever asked reads only that.
struct Misasked {
    WireError error{};
    Dialect dialect{};
};

/// Errors: UnknownOperationException (no such target), MissingAction, MalformedQueryString,
///         MalformedInput, SerializationException (a body that is no JSON).
Result<Asked, Misasked> read_request(services::Request const& request);

/// Whom a request means whose body was never read; the operation where the head names it.
struct Meant {
    Dialect dialect{};
    std::string_view operation{};
};
Meant read_head_alone(services::Request const& head);

/// How a request is refused that was not read, for the problem of that name.
WireError unread(Meant const& meant, std::string_view problem, std::string_view says);

/// How a refused signature is told.
WireError to_wire(AuthRefusal const& refusal);

/// "The action X is not valid for this endpoint."
WireError unknown_operation(std::string_view operation, Protocol protocol);

} // namespace kontor::aws_wire
