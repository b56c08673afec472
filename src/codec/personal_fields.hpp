#pragma once

/// What is personal in a fact, field by field: whoever seals it before the log and opens it for
/// those who may see stands behind two small interfaces, and the keys are his own.
///
/// A field's path is its name; below it a dot and a name, in a list a dot and a number from 0:
/// "contact", "payment.token", "addresses.1". What is sealed is the field's binary form
/// (codec/binary.hpp) without the byte that says "clear".   Thread: any.

#include "codec/kinds.hpp"

#include "base/result.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace kontor::codec {

/// Whether a value of T may have something personal in it.
template <class T>
consteval bool holds_personal() {
    constexpr auto kind = kind_of<T>();
    if constexpr (kind == Kind::personal) {
        return true;
    } else if constexpr (kind == Kind::optional || kind == Kind::list) {
        return holds_personal<typename T::value_type>();
    } else if constexpr (kind == Kind::record) {
        bool holds = false;
        for_each_field<T>(
            [&]<class Field>(Field) { holds = holds || holds_personal<field_type<T, Field>>(); });
        return holds;
    } else if constexpr (kind == Kind::choice) {
        return []<class... Ts>(std::type_identity<std::variant<Ts...>>) {
            return (holds_personal<Ts>() || ...);
        }(std::type_identity<T>{});
    } else {
        return false;
    }
}

/// Whether any fact of an aggregate may.
template <class Event>
inline constexpr bool has_personal_facts = false;
template <class... Facts>
inline constexpr bool has_personal_facts<std::variant<Facts...>> = (holds_personal<Facts>() || ...);

class FieldSealer {
public:
    virtual ~FieldSealer() = default;
    /// Appends to `sealed` what stands in the log instead of `clear`. False: the person is
    /// forgotten, and nothing may stand there.
    virtual bool seal(std::string_view path, std::span<std::uint8_t const> clear,
                      std::vector<std::uint8_t>& sealed) = 0;
};

class FieldOpener {
public:
    virtual ~FieldOpener() = default;
    /// Appends to `clear` what was sealed. False: nobody can open it any more.
    /// Errors: unavailable, corrupt.
    virtual Result<bool> open(std::string_view path, std::span<std::uint8_t const> sealed,
                              std::vector<std::uint8_t>& clear) = 0;
};

/// Whether something personal stands in the fact in the clear.
/// Of has_personal_facts alone; so are the others.
template <class Event>
bool has_clear_fields(Event const& event);

/// Seals every clear field of a fact.
template <class Event>
void seal_fields(Event& event, FieldSealer& sealer);

/// The first sealed value of a fact; empty: there is none.
template <class Event>
std::span<std::uint8_t const> first_sealed_field(Event const& event);

/// Opens every sealed field of a fact; what cannot be opened any more is erased.
/// Errors: what the opener says; corrupt (what was sealed is no such value).
template <class Event>
Result<void> open_fields(Event& event, FieldOpener& opener);

} // namespace kontor::codec
