#pragma once

/// Which texts are text: UTF-8, and the characters that XML knows.   Thread: any.

#include <string_view>

namespace kontor::aws_wire {

/// Source: RFC 3629 section 4.
bool is_utf8(std::string_view text);

/// Whether each character is one of XML 1.0: #x9 #xA #xD #x20-#xD7FF #xE000-#xFFFD
/// #x10000-#x10FFFF.   Requires: is_utf8(text).   Source: XML 1.0, section 2.2.
bool is_xml_text(std::string_view text);

} // namespace kontor::aws_wire
