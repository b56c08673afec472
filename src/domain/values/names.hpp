#pragma once

/// The short texts of the shop: SKU, location, coupon code, country. Each parses at the edge and is
/// trusted inside.

#include "base/inline_text.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace kontor {

/// What is sold: [A-Z0-9][A-Z0-9._-]{0,39}, upper-cased on entry.
class Sku {
public:
    static constexpr std::size_t length_max = 40;

    /// Errors: invalid.
    static Result<Sku> parse(std::string_view text);
    std::string_view view() const { return text_.view(); }
    Sku() = default; ///< empty: only as a placeholder before a value is read
    friend bool operator==(Sku const&, Sku const&) = default;
    friend auto operator<=>(Sku const&, Sku const&) = default;

private:
    explicit Sku(std::string_view text) : text_(text) {}
    InlineText<length_max> text_;
};

/// A place with shelves: [a-z0-9][a-z0-9-]{0,14}. Short, for it is part of the name of every stock
/// stream.
class Location {
public:
    static constexpr std::size_t length_max = 15;

    /// Errors: invalid.
    static Result<Location> parse(std::string_view text);
    std::string_view view() const { return text_.view(); }
    Location() = default;
    friend bool operator==(Location const&, Location const&) = default;
    friend auto operator<=>(Location const&, Location const&) = default;

private:
    explicit Location(std::string_view text) : text_(text) {}
    InlineText<length_max> text_;
};

/// A coupon code, spelled like a SKU.
class CouponCode {
public:
    /// Errors: invalid.
    static Result<CouponCode> parse(std::string_view text);
    std::string_view view() const { return text_.view(); }
    CouponCode() = default;
    friend bool operator==(CouponCode const&, CouponCode const&) = default;
    friend auto operator<=>(CouponCode const&, CouponCode const&) = default;

private:
    explicit CouponCode(std::string_view text) : text_(text) {}
    InlineText<Sku::length_max> text_;
};

/// Two capital letters: a code of ISO 3166-1 alpha-2, or one of the user-assigned ones we use (XC
/// Channel Islands, EU European Community, ZZ unspecified).
class Country {
public:
    /// Errors: invalid (no such country).
    static Result<Country> parse(std::string_view code);
    std::string_view view() const { return text_.view(); }
    Country() = default; ///< empty: only as a placeholder before a value is read
    friend bool operator==(Country const&, Country const&) = default;
    friend auto operator<=>(Country const&, Country const&) = default;

private:
    explicit Country(std::string_view code) : text_(code) {}
    InlineText<2> text_;
};

} // namespace kontor

template <>
struct std::hash<kontor::Sku> {
    std::size_t operator()(kontor::Sku const& sku) const {
        return std::hash<std::string_view>{}(sku.view());
    }
};
template <>
struct std::hash<kontor::Location> {
    std::size_t operator()(kontor::Location const& at) const {
        return std::hash<std::string_view>{}(at.view());
    }
};
template <>
struct std::hash<kontor::CouponCode> {
    std::size_t operator()(kontor::CouponCode const& code) const {
        return std::hash<std::string_view>{}(code.view());
    }
};
