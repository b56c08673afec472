#pragma once

/// Result<T, E>: a value or an error, with the words of C++23's std::expected.
///
/// Failures of the world are values here (see failure.hpp): policies must see them in the type, and
/// the simulator makes them by the thousand. When the compiler brings std::expected this file
/// becomes an alias.

#include "base/assert.hpp"
#include "base/failure.hpp"

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace kontor {

/// An error on its way into a Result: `return unexpected(Rejection::already_shipped);`
template <class E>
class Unexpected {
public:
    explicit Unexpected(E error) : error_(std::move(error)) {}
    E const& error() const& { return error_; }
    E&& error() && { return std::move(error_); }

private:
    E error_;
};

template <class E>
Unexpected<std::decay_t<E>> unexpected(E&& error) {
    return Unexpected<std::decay_t<E>>(std::forward<E>(error));
}

template <class T, class E = Failure>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = E;

    // NOLINTBEGIN(google-explicit-constructor): `return value;` and `return unexpected(error);`
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    template <class G>
        requires std::constructible_from<E, G&&>
    Result(Unexpected<G> error) : content_(std::in_place_index<1>, std::move(error).error()) {}
    // NOLINTEND(google-explicit-constructor)

    bool has_value() const { return content_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return checked(); }
    T const& value() const& { return const_cast<Result*>(this)->checked(); }
    T&& value() && { return std::move(checked()); }
    T& operator*() & { return checked(); }
    T const& operator*() const& { return value(); }
    T&& operator*() && { return std::move(checked()); }
    T* operator->() { return &checked(); }
    T const* operator->() const { return &value(); }

    E const& error() const& {
        KONTOR_ASSERT(!has_value(), "error() of a Result that holds a value");
        return *std::get_if<1>(&content_);
    }
    E&& error() && {
        KONTOR_ASSERT(!has_value(), "error() of a Result that holds a value");
        return std::move(*std::get_if<1>(&content_));
    }

    T value_or(T fallback) const& { return has_value() ? value() : std::move(fallback); }

    /// Calls `next` with the value; `next` returns a Result with the same error type.
    template <class F>
    auto and_then(F&& next) && -> std::invoke_result_t<F, T&&> {
        if (has_value())
            return std::forward<F>(next)(std::move(checked()));
        return unexpected(std::move(*this).error());
    }
    template <class F>
    auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>, E> {
        if (has_value())
            return std::forward<F>(f)(std::move(checked()));
        return unexpected(std::move(*this).error());
    }
    template <class F>
    auto transform_error(F&& f) && -> Result<T, std::invoke_result_t<F, E&&>> {
        if (has_value())
            return std::move(checked());
        return unexpected(std::forward<F>(f)(std::move(*this).error()));
    }

    friend bool operator==(Result const&, Result const&) = default;

private:
    T& checked() {
        KONTOR_ASSERT(has_value(), "value() of a Result that holds an error");
        return *std::get_if<0>(&content_);
    }

    std::variant<T, E> content_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    template <class G>
        requires std::constructible_from<E, G&&>
    // NOLINTNEXTLINE(google-explicit-constructor): `return unexpected(error);`
    Result(Unexpected<G> error) : error_(std::move(error).error()) {}

    bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    void value() const { KONTOR_ASSERT(has_value(), "value() of a Result that holds an error"); }

    E const& error() const& {
        KONTOR_ASSERT(!has_value(), "error() of a Result that holds a value");
        return *error_;
    }
    E&& error() && {
        KONTOR_ASSERT(!has_value(), "error() of a Result that holds a value");
        return std::move(*error_);
    }

    template <class F>
    auto and_then(F&& next) && -> std::invoke_result_t<F> {
        if (has_value())
            return std::forward<F>(next)();
        return unexpected(std::move(*this).error());
    }
    template <class F>
    auto transform_error(F&& f) && -> Result<void, std::invoke_result_t<F, E&&>> {
        if (has_value())
            return {};
        return unexpected(std::forward<F>(f)(std::move(*this).error()));
    }

    friend bool operator==(Result const&, Result const&) = default;

private:
    std::optional<E> error_;
};

} // namespace kontor

#define KONTOR_TRY_JOIN_(a, b) a##b
#define KONTOR_TRY_NAME_(line) KONTOR_TRY_JOIN_(kontor_try_, line)
#define KONTOR_TRY_VOID_(expression)                                                               \
    do {                                                                                           \
        if (auto kontor_try_result = (expression); !kontor_try_result)                             \
            return ::kontor::unexpected(std::move(kontor_try_result).error());                     \
    } while (false)
#define KONTOR_TRY_BIND_(declaration, expression)                                                  \
    auto KONTOR_TRY_NAME_(__LINE__) = (expression);                                                \
    if (!KONTOR_TRY_NAME_(__LINE__))                                                               \
        return ::kontor::unexpected(std::move(KONTOR_TRY_NAME_(__LINE__)).error());                \
    declaration = *std::move(KONTOR_TRY_NAME_(__LINE__))
#define KONTOR_TRY_PICK_(one, two, chosen, ...) chosen

/// Binds the value or returns the error:
///   KONTOR_TRY(auto page, store.read(stream, from, limit));   binds
///   KONTOR_TRY(store.append(batch));                          for Result<void>
/// An expression with a comma outside parentheses gets a name first.
#define KONTOR_TRY(...)                                                                            \
    KONTOR_TRY_PICK_(__VA_ARGS__, KONTOR_TRY_BIND_, KONTOR_TRY_VOID_, )(__VA_ARGS__)
