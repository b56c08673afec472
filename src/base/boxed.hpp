#pragma once

/// Boxed<T>: a value that lives on the heap and is still a value: copied deep, compared by what is
/// inside, moved as a pointer. For the large part of a state that is handed from fold to fold.
///
/// Invariant: it holds a T until it is moved from; then only assignment and destruction are left.

#include "base/assert.hpp"

#include <memory>
#include <utility>

namespace kontor {

template <class T>
class Boxed {
public:
    Boxed() : content_(std::make_unique<T>()) {}
    explicit Boxed(T content) : content_(std::make_unique<T>(std::move(content))) {}
    Boxed(Boxed const& other) : content_(std::make_unique<T>(*other)) {}
    Boxed(Boxed&& other) noexcept = default;
    Boxed& operator=(Boxed const& other) {
        content_ = std::make_unique<T>(*other);
        return *this;
    }
    Boxed& operator=(Boxed&& other) noexcept = default;
    ~Boxed() = default;

    T& operator*() { return checked(); }
    T const& operator*() const { return checked(); }
    T* operator->() { return &checked(); }
    T const* operator->() const { return &checked(); }

    friend bool operator==(Boxed const& a, Boxed const& b) { return *a == *b; }

private:
    T& checked() const {
        KONTOR_ASSERT(content_ != nullptr, "a boxed value was used after it was moved away");
        return *content_;
    }

    std::unique_ptr<T> content_;
};

} // namespace kontor
