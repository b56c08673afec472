#pragma once

/// Described values one behind the other in a buffer, as codec/binary.hpp writes each: what derived
/// files are made of.

#include "codec/binary.hpp"

#include <cstdint>
#include <vector>

namespace kontor::codec {

template <class T>
void append_value(std::vector<std::uint8_t>& out, T const& value) {
    auto const before = out.size();
    out.resize(before + Binary<T>::bound(value));
    BinaryWriter writer(out.data() + before);
    Binary<T>::put(writer, value);
    out.resize(static_cast<std::size_t>(writer.at() - out.data()));
}

/// Whether it is one, the reader says.
template <class T>
T take_value(BinaryReader& from) {
    T value{};
    Binary<T>::take(from, value);
    return value;
}

} // namespace kontor::codec
