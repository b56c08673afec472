#pragma once

/// Fault: why the edge refuses a request before any route sees it. Each has a problem of the
/// registry, the part of the request that is meant, and a sentence that says what is wrong.

#include "base/describe.hpp"

#include <cstdint>
#include <string_view>

namespace kontor::http {

enum class Fault : std::uint8_t {
    request_line_malformed,
    method_malformed,
    target_not_a_path,
    target_byte,
    target_too_long,
    target_encoding,
    path_leaves_root,
    path_empty_segment,
    version_unsupported,
    line_end,
    line_folded,
    header_name_malformed,
    header_value_byte,
    headers_too_many,
    head_too_large,
    host_missing,
    host_repeated,
    host_unknown,
    length_repeated,
    length_malformed,
    body_too_large,
    encoding_unsupported,
    encoding_with_length,
    encoding_on_old_version,
    body_unexpected,
    expectation_unknown,
    chunk_size_malformed,
    chunk_extension,
    chunk_end,
    chunk_trailer,
    head_too_slow,
    body_too_slow,
    deadline_malformed,
    deadline_passed,
    outcome_unknown,
    overloaded,
    connections_too_many
};
BOOST_DESCRIBE_ENUM(Fault, request_line_malformed, method_malformed, target_not_a_path, target_byte,
                    target_too_long, target_encoding, path_leaves_root, path_empty_segment,
                    version_unsupported, line_end, line_folded, header_name_malformed,
                    header_value_byte, headers_too_many, head_too_large, host_missing,
                    host_repeated, host_unknown, length_repeated, length_malformed, body_too_large,
                    encoding_unsupported, encoding_with_length, encoding_on_old_version,
                    body_unexpected, expectation_unknown, chunk_size_malformed, chunk_extension,
                    chunk_end, chunk_trailer, head_too_slow, body_too_slow, deadline_malformed,
                    deadline_passed, outcome_unknown, overloaded, connections_too_many)

/// How a fault is told.
struct FaultText {
    std::string_view problem; ///< a name of the registry
    std::string_view pointer; ///< "/headers/host"
    std::string_view message;
};

FaultText const& text_of(Fault fault);

} // namespace kontor::http
