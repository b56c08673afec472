#pragma once

/// Where a text stops being JSON: a second, slow reading of one that the parser
/// refused, for whoever has to mend it. It looks at the grammar alone, and not
/// at UTF-8.   Thread: any.

#include <cstddef>
#include <optional>
#include <string_view>

namespace kontor::codec {

/// The number of bytes that may stand there as they are; as many as there are:
/// it ends too early. Empty: nothing is wrong with the grammar.   Source: RFC
/// 8259.
std::optional<std::size_t> json_fault_at(std::string_view text);

} // namespace kontor::codec
