#include "adapters/aws_wire/message_md5.hpp"

#include "adapters/aws_wire/digests.hpp"

#include <algorithm>

namespace kontor::aws_wire {
namespace {

void append_with_length(std::string& out, std::string_view text) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>((text.size() >> shift) & 255);
    out += text;
}

} // namespace

bool is_binary(ports::MessageAttribute const& attribute) {
    return attribute.type == "Binary" || attribute.type.starts_with("Binary.");
}

std::string md5_of_attributes(ports::MessageAttributes const& attributes) {
    std::vector<ports::MessageAttribute const*> sorted;
    for (auto const& attribute : attributes)
        sorted.push_back(&attribute);
    std::ranges::sort(sorted, {}, [](auto const* each) -> auto const& { return each->name; });
    std::string text;
    for (auto const* const attribute : sorted) {
        append_with_length(text, attribute->name);
        append_with_length(text, attribute->type);
        text += is_binary(*attribute) ? '\2' : '\1';
        append_with_length(text, attribute->value);
    }
    return md5_hex(text);
}

} // namespace kontor::aws_wire
