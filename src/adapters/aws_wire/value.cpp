#include "adapters/aws_wire/value.hpp"

#include <algorithm>

namespace kontor::aws_wire {

Value Value::boolean(bool value) {
    Value made;
    made.kind_ = ValueKind::boolean;
    made.integer_ = value ? 1 : 0;
    return made;
}

Value Value::integer(std::int64_t value) {
    Value made;
    made.kind_ = ValueKind::integer;
    made.integer_ = value;
    return made;
}

Value Value::fraction(double value) {
    Value made;
    made.kind_ = ValueKind::fraction;
    made.fraction_ = value;
    return made;
}

Value Value::text(std::string value) {
    Value made;
    made.kind_ = ValueKind::text;
    made.text_ = std::move(value);
    return made;
}

Value Value::list() {
    Value made;
    made.kind_ = ValueKind::list;
    return made;
}

Value Value::object() {
    Value made;
    made.kind_ = ValueKind::object;
    return made;
}

Value Value::map() {
    Value made;
    made.kind_ = ValueKind::map;
    return made;
}

Value const* Value::find(std::string_view name) const {
    auto const found = std::find_if(members_.rbegin(), members_.rend(),
                                    [&](Member const& member) { return member.name == name; });
    return found == members_.rend() ? nullptr : &found->value;
}

Value* Value::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

Value& Value::set(std::string_view name, Value value) {
    KONTOR_ASSERT(kind_ == ValueKind::object || kind_ == ValueKind::map, "no place for {}", name);
    if (!value.is_nothing())
        members_.push_back({std::string(name), std::move(value)});
    return *this;
}

Value& Value::set(std::string_view name, std::string_view text_value) {
    return set(name, text(std::string(text_value)));
}

Value& Value::add(Value value) {
    KONTOR_ASSERT(kind_ == ValueKind::list, "an item for what is no list");
    members_.push_back({{}, std::move(value)});
    return *this;
}

} // namespace kontor::aws_wire
