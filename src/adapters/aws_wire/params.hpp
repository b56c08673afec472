#pragma once

/// Params: what a request asks with, read by name and type. A form has only texts, and an empty one
/// for a list without items; JSON has types and must keep to them.   Thread: one.

#include "adapters/aws_wire/value.hpp"
#include "adapters/aws_wire/wire_error.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

template <class T>
using Wired = Result<T, WireError>;

/// "The request must contain the parameter QueueName."
WireError missing_parameter(std::string_view name);
/// "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: …"
WireError invalid_value(std::string_view value, std::string_view name, std::string_view reason);

struct NumberRange {
    std::int64_t least;
    std::int64_t most;
};

class Params {
public:
    /// `root` outlives them.   Requires: root is an object.
    Params(Value const& root, Protocol protocol) : root_(&root), protocol_(protocol) {}

    Protocol protocol() const { return protocol_; }
    bool has(std::string_view name) const;

    /// Errors: SerializationException (no text).
    Wired<std::optional<std::string>> text(std::string_view name) const;
    /// Errors: as text; MissingParameter, also when it is empty.
    Wired<std::string> needed_text(std::string_view name) const;

    /// Errors: SerializationException (JSON: no whole number), InvalidParameterValue (form: none;
    ///         beyond the range).
    Wired<std::optional<std::int64_t>> number(std::string_view name, NumberRange range) const;

    /// Errors: SerializationException (JSON: no boolean), InvalidParameterValue (form: neither
    ///         true nor false).
    Wired<std::optional<bool>> boolean(std::string_view name) const;

    /// Empty when there is none.
    /// Errors: SerializationException (no list of texts).
    Wired<std::vector<std::string>> texts(std::string_view name) const;

    /// Empty when there is none.
    /// Errors: SerializationException (no object whose members are texts).
    Wired<std::map<std::string, std::string>> named_texts(std::string_view name) const;

    /// The items of a list of objects, or the members of an object of objects. Empty when there is
    /// none.
    /// Errors: SerializationException (something else).
    Wired<std::vector<std::pair<std::string, Params>>> objects(std::string_view name) const;

    /// Errors: SerializationException (no object).
    Wired<std::optional<Params>> object(std::string_view name) const;

    /// An instant: seconds since 1970 in JSON, with or without a fraction.
    /// Errors: SerializationException.
    Wired<std::optional<Instant>> instant(std::string_view name) const;

private:
    /// What stands under a name, unless it stands for an empty list; null: nothing does.
    Value const* find_many(std::string_view name) const;
    WireError ill_typed(std::string_view name, std::string_view wanted) const;

    Value const* root_;
    Protocol protocol_;
};

} // namespace kontor::aws_wire
