#pragma once

/// Whether a text can be read, answered without taking it apart: for texts that are handed on and
/// that nobody here looks into. It takes no memory, but where an object has many keys or escaped
/// ones: then it reads the text as a whole.
/// Thread: any.

#include <cstddef>
#include <string_view>

namespace kontor::routing {

/// Whether read_json reads it.
bool is_json(std::string_view text, std::size_t depth);

/// Whether FlatEvent::read reads it.
bool is_event(std::string_view text);

} // namespace kontor::routing
