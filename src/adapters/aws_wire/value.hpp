#pragma once

/// Value: what a request asks with and what an answer says, as a tree that no wire shows through:
/// the same operation reads JSON and forms, and is written as JSON or XML.   Thread: one.

#include "base/assert.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::aws_wire {

enum class ValueKind : unsigned char {
    nothing, ///< null in JSON; not written at all
    boolean,
    integer,
    fraction,
    text,
    list,
    object, ///< members with names that the service knows
    map     ///< members with names that its users chose
};

struct Member;

class Value {
public:
    Value() = default;
    static Value boolean(bool value);
    static Value integer(std::int64_t value);
    static Value fraction(double value);
    static Value text(std::string value);
    static Value list();
    static Value object();
    static Value map();

    ValueKind kind() const { return kind_; }
    bool is_nothing() const { return kind_ == ValueKind::nothing; }

    /// Requires: kind() is the one that is asked for.
    bool boolean() const { return integer_ != 0; }
    std::int64_t integer() const { return integer_; }
    double fraction() const { return fraction_; }
    std::string const& text() const { return text_; }
    /// Of a list, an object or a map; those of a list have no names.
    std::vector<Member> const& members() const { return members_; }
    std::vector<Member>& members() { return members_; }

    /// The member of that name; null when there is none. Of several the last counts.
    Value const* find(std::string_view name) const;
    Value* find(std::string_view name);

    /// Adds a member; one that is nothing leaves no trace.   Requires: an object or a map.
    Value& set(std::string_view name, Value value);
    Value& set(std::string_view name, std::string_view text_value);
    /// Requires: a list.
    Value& add(Value value);

private:
    ValueKind kind_{ValueKind::nothing};
    std::int64_t integer_{0};
    double fraction_{0};
    std::string text_{};
    std::vector<Member> members_{};
};

struct Member {
    std::string name{};
    Value value{};
};

} // namespace kontor::aws_wire
