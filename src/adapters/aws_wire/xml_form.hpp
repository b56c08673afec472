#pragma once

/// The query protocol's answers: XML, written from the same Values that JSON is.
///
///   <CreateQueueResponse xmlns="…"><CreateQueueResult>…</CreateQueueResult>
///   <ResponseMetadata><RequestId>…</RequestId></ResponseMetadata></CreateQueueResponse>
///
/// SQS repeats an element for the items of a list, and for the entries of a map; SNS and STS nest
/// `member` and `entry`.   Thread: any.
/// Source: Smithy, "AWS query protocol"; MESSAGING section 7.

#include "adapters/aws_wire/value.hpp"
#include "adapters/aws_wire/wire_error.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

/// The namespace of a service's answers.
std::string_view namespace_of(Service service);

/// Escaped; a control byte that XML does not know goes out as U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

struct XmlAnswer {
    Service service{};
    std::string_view operation{}; ///< "CreateQueue"
    std::string_view request_id{};
};

/// The whole document of an answer. A value that is nothing has no result element.
std::string to_xml(Value const& answer, XmlAnswer const& about);

} // namespace kontor::aws_wire
