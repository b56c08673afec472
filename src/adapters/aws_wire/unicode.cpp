#include "adapters/aws_wire/unicode.hpp"

#include <simdjson.h>

namespace kontor::aws_wire {

bool is_utf8(std::string_view text) {
    return simdjson::validate_utf8(text);
}

bool is_xml_text(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
            return false;
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
        if (byte == 0xEF && i + 2 < text.size() && text[i + 1] == '\xBF' &&
            (text[i + 2] == '\xBE' || text[i + 2] == '\xBF'))
            return false;
    }
    return true;
}

} // namespace kontor::aws_wire
