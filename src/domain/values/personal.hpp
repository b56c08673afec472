#pragma once

/// Personal<T>: a fact about a person. In memory it may be a value; in the log it is sealed, and
/// once the person's key is destroyed it is erased. It has no formatter: printing one does not
/// compile.

#include "base/describe.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kontor {

/// Ciphertext with its nonce and tag; which key opens it stands in the envelope.
struct Sealed {
    std::vector<std::uint8_t> bytes;
    friend bool operator==(Sealed const&, Sealed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Sealed, (), (bytes))
static_assert(describes_every_field<Sealed>());

/// The key is gone, the fact with it.
struct Erased {
    friend bool operator==(Erased, Erased) = default;
};

template <class T>
class Personal {
public:
    using Content = std::variant<T, Sealed, Erased>;

    Personal() : content_(Erased{}) {}
    explicit Personal(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    explicit Personal(Sealed sealed) : content_(std::move(sealed)) {}

    T const* value() const { return std::get_if<0>(&content_); }
    Sealed const* sealed() const { return std::get_if<Sealed>(&content_); }
    bool is_erased() const { return std::holds_alternative<Erased>(content_); }

    friend bool operator==(Personal const&, Personal const&) = default;

private:
    Content content_;
};

template <class T>
inline constexpr bool is_personal = false;
template <class T>
inline constexpr bool is_personal<Personal<T>> = true;

} // namespace kontor
