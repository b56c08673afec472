#pragma once

/// JsonDocument: a JSON text, parsed and checked as a whole, and JsonNode, a value in it. The
/// parser (simdjson) stays behind this door, for its header costs seconds and every reader of JSON
/// includes this one.   Thread: one; a document is used again to save its buffers.

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

namespace kontor::codec {

enum class JsonKind : std::uint8_t {
    null,
    boolean,
    integer, ///< written without fraction and exponent, within 64 bits
    fraction,
    text,
    list,
    object
};

/// Valid while its document is neither parsed anew nor destroyed.
class JsonNode {
public:
    JsonKind kind() const;

    /// Requires: kind() is the one that is asked for.
    bool boolean() const;
    std::string_view text() const;

    /// Empty: no integer, or out of range.
    std::optional<std::int64_t> signed_number() const;
    std::optional<std::uint64_t> unsigned_number() const;

    /// Requires: kind() is list.
    std::size_t size() const;

    /// Calls `visit(node)` for the items of a list until it answers false.
    /// Requires: kind() is list.
    template <class Visitor>
    void each_item(Visitor&& visit) const {
        visit_items(
            [](void* to, std::string_view, JsonNode item) {
                return (*static_cast<std::remove_reference_t<Visitor>*>(to))(item);
            },
            &visit);
    }

    /// Calls `visit(key, node)` for the members of an object, in the sequence of the text and with
    /// its repetitions, until it answers false.   Requires: kind() is object.
    template <class Visitor>
    void each_member(Visitor&& visit) const {
        visit_members(
            [](void* to, std::string_view key, JsonNode value) {
                return (*static_cast<std::remove_reference_t<Visitor>*>(to))(key, value);
            },
            &visit);
    }

private:
    friend class JsonDocument;
    struct Element;
    using Visit = bool (*)(void* to, std::string_view key, JsonNode node);
    void visit_items(Visit visit, void* to) const;
    void visit_members(Visit visit, void* to) const;

    std::array<std::uint64_t, 2> element_{}; ///< the parser's own reference to the value
};

class JsonDocument {
public:
    /// RELIABILITY section 10 allows so many brackets inside each other.
    static constexpr std::size_t depth_max = 32;

    JsonDocument();
    ~JsonDocument();
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;

    /// Copies and parses a text.   Errors: invalid (no JSON, no UTF-8, deeper than depth_max).
    Result<JsonNode> parse(std::string_view text);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

} // namespace kontor::codec
