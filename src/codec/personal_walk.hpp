#pragma once

/// The templates of personal_fields.hpp, to be instantiated once for each aggregate that has
/// personal facts.

#include "codec/personal_fields.hpp"

#include "codec/binary.hpp"

#include <string>
#include <variant>

namespace kontor::codec {

/// Where a walk is; it goes a step down and comes back.
class FieldPath {
public:
    std::string_view text() const { return text_; }

    template <class Walk>
    void below(std::string_view name, Walk&& walk) {
        auto const length = text_.size();
        if (length > 0)
            text_ += '.';
        text_ += name;
        walk();
        text_.resize(length);
    }

private:
    std::string text_{};
};

/// Calls `visit(path, personal)` for each personal value in `value`.
template <class T, class Visitor>
void walk_personal(T& value, FieldPath& path, Visitor& visit) {
    using Value = std::remove_const_t<T>;
    constexpr auto kind = kind_of<Value>();
    if constexpr (!holds_personal<Value>()) {
        return;
    } else if constexpr (kind == Kind::personal) {
        visit(path.text(), value);
    } else if constexpr (kind == Kind::optional) {
        if (value)
            walk_personal(*value, path, visit);
    } else if constexpr (kind == Kind::list) {
        std::size_t index = 0;
        for (auto& item : value)
            path.below(std::to_string(index++), [&] { walk_personal(item, path, visit); });
    } else if constexpr (kind == Kind::choice) {
        std::visit([&](auto& chosen) { walk_personal(chosen, path, visit); }, value);
    } else {
        for_each_field<Value>([&]<class Field>(Field) {
            if constexpr (holds_personal<field_type<Value, Field>>())
                path.below(stored_name(Field::name),
                           [&] { walk_personal(value.*Field::pointer, path, visit); });
        });
    }
}

template <class Event, class Visitor>
void walk_fact(Event& event, Visitor&& visit) {
    FieldPath path;
    std::visit([&](auto& fact) { walk_personal(fact, path, visit); }, event);
}

template <class T>
std::vector<std::uint8_t> clear_bytes(T const& value) {
    std::vector<std::uint8_t> bytes(Binary<T>::bound(value));
    BinaryWriter writer(bytes.data());
    Binary<T>::put(writer, value);
    bytes.resize(static_cast<std::size_t>(writer.at() - bytes.data()));
    return bytes;
}

/// Errors: corrupt (it is not what clear_bytes gives).
template <class T>
Result<T> value_of_clear(std::span<std::uint8_t const> bytes) {
    BinaryReader reader(bytes);
    T value{};
    Binary<T>::take(reader, value);
    KONTOR_TRY(reader.outcome());
    if (!reader.at_end())
        return unexpected(Failure{FailureKind::corrupt, "more was sealed than a value"});
    return value;
}

template <class T>
void seal_one(std::string_view path, Personal<T>& personal, FieldSealer& sealer) {
    if (personal.value() == nullptr)
        return;
    Sealed sealed;
    if (sealer.seal(path, clear_bytes(*personal.value()), sealed.bytes))
        personal = Personal<T>(std::move(sealed));
    else
        personal = Personal<T>();
}

/// Errors: what the opener says, corrupt.
template <class T>
Result<void> open_one(std::string_view path, Personal<T>& personal, FieldOpener& opener) {
    if (personal.sealed() == nullptr)
        return {};
    std::vector<std::uint8_t> clear;
    KONTOR_TRY(bool const is_open, opener.open(path, personal.sealed()->bytes, clear));
    if (!is_open) {
        personal = Personal<T>();
        return {};
    }
    KONTOR_TRY(auto value, value_of_clear<T>(clear));
    personal = Personal<T>(std::move(value));
    return {};
}

template <class Event>
bool has_clear_fields(Event const& event) {
    bool has = false;
    walk_fact(event, [&](std::string_view, auto const& personal) {
        has = has || personal.value() != nullptr;
    });
    return has;
}

template <class Event>
void seal_fields(Event& event, FieldSealer& sealer) {
    walk_fact(event,
              [&](std::string_view path, auto& personal) { seal_one(path, personal, sealer); });
}

template <class Event>
std::span<std::uint8_t const> first_sealed_field(Event const& event) {
    std::span<std::uint8_t const> first;
    walk_fact(event, [&](std::string_view, auto const& personal) {
        if (first.empty() && personal.sealed() != nullptr)
            first = personal.sealed()->bytes;
    });
    return first;
}

/// Errors: what the opener says, corrupt.
template <class Event>
Result<void> open_fields(Event& event, FieldOpener& opener) {
    Result<void> outcome;
    walk_fact(event, [&](std::string_view path, auto& personal) {
        if (outcome)
            outcome = open_one(path, personal, opener);
    });
    return outcome;
}

} // namespace kontor::codec
