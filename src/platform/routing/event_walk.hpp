#pragma once

/// EventWalk: one pass over the bytes of an event along the path trie. What no rule looks at is
/// stepped over; what rules look at is told to a sink. Nothing is checked that is not needed: bytes
/// that are no JSON may be told as if they were, or end the walk, and never lead outside.

#include "platform/routing/limits.hpp"
#include "platform/routing/matcher.hpp"

namespace kontor::routing {

/// Room for what must be decoded: a key, and a leaf, each as long as the event at most.
struct DecodeRoom {
    std::vector<char> key{};
    std::vector<char> text{};
};

/// A sink has
///   void leaf(std::uint32_t node, JsonType type, std::string_view text);  of nodes that are fields
///   void scalar(std::uint32_t node);                                      of all others
///   void enter_object(std::uint32_t node);
///   void leave_object();
///   void enter_list(std::uint32_t node);
///   void leave_list(std::uint32_t node, std::size_t nested);
/// where `nested` counts elements that are objects or lists.
template <class Sink>
class EventWalk {
public:
    EventWalk(Matcher const& matcher, Sink& sink, DecodeRoom& room)
        : matcher_(matcher), sink_(sink), room_(room) {}

    /// False: the event is no object, is cut off, or is nested too deeply.
    bool over(std::string_view event) {
        end_ = event.data() + event.size();
        char const* at = skip_space(event.data(), end_);
        return at < end_ && *at == '{' && object(at, 0) != nullptr;
    }

    /// Whether a key with a dot led to a place that rules look at.
    bool met_dotted_key() const { return met_dotted_key_; }

private:
    struct Key {
        char const* value; ///< where its value begins; nullptr: there is none
        std::uint32_t node;
    };

    char const* object(char const* at, std::uint32_t node) {
        if (++depth_ > event_depth_max)
            return nullptr;
        sink_.enter_object(node);
        for (++at;;) {
            at = skip_space(at, end_);
            if (at == end_)
                return nullptr;
            if (*at == ',') {
                ++at;
                continue;
            }
            if (*at != '"')
                break;
            auto const key = read_key(at, node);
            if (key.value == nullptr)
                return nullptr;
            at = key.node == nowhere ? skip(key.value) : value(key.value, key.node);
            if (at == nullptr)
                return nullptr;
        }
        sink_.leave_object();
        --depth_;
        return *at == '}' ? at + 1 : nullptr;
    }

    Key read_key(char const* at, std::uint32_t parent) {
        auto const span = scan_text(at + 1, end_);
        if (span.end == nullptr)
            return {nullptr, nowhere};
        std::string_view key(at + 1, static_cast<std::size_t>(span.end - at - 1));
        char const* value = skip_space(span.end + 1, end_);
        if (value == end_ || *value != ':')
            return {nullptr, nowhere};
        value = skip_space(value + 1, end_);
        if (value == end_)
            return {nullptr, nowhere};
        if (span.is_escaped)
            return {value, escaped_child(key, parent)};
        if (span.has_dot)
            return {value, dotted_child(key, parent)};
        return {value, matcher_.child(matcher_.nodes_[parent], key)};
    }

    std::uint32_t escaped_child(std::string_view key, std::uint32_t parent) {
        auto const* const end = decode_text(key, room_.key.data());
        if (end == nullptr)
            return nowhere;
        return dotted_child({room_.key.data(), static_cast<std::size_t>(end - room_.key.data())},
                            parent);
    }

    std::uint32_t dotted_child(std::string_view key, std::uint32_t parent) {
        auto node = parent;
        bool is_dotted = false;
        for (;;) {
            auto const dot = key.find('.');
            node = matcher_.child(matcher_.nodes_[node], key.substr(0, dot));
            if (node == nowhere || dot == std::string_view::npos)
                break;
            is_dotted = true;
            key.remove_prefix(dot + 1);
        }
        met_dotted_key_ |= is_dotted && node != nowhere;
        return node;
    }

    char const* skip(char const* at) const {
        if (*at == '"')
            return skip_text(at + 1, end_);
        if (*at == '{' || *at == '[')
            return matcher_.skip_(at, end_);
        return word_end(at);
    }

    /// A word is at least one byte, or the walk would stand still.
    char const* word_end(char const* at) const {
        auto const* const end = scan_word(at, end_);
        return end == at ? nullptr : end;
    }

    char const* value(char const* at, std::uint32_t node) {
        switch (*at) {
        case '{':
            return matcher_.nodes_[node].child_count > 0 ? object(at, node) : skipped(at, node);
        case '[': return list(at, node);
        case '"': return text(at, node);
        default: return word(at, node);
        }
    }

    /// An object where rules want a leaf.
    char const* skipped(char const* at, std::uint32_t node) {
        sink_.enter_object(node);
        sink_.leave_object();
        return matcher_.skip_(at, end_);
    }

    char const* list(char const* at, std::uint32_t node) {
        if (++depth_ > event_depth_max)
            return nullptr;
        sink_.enter_list(node);
        std::size_t nested = 0;
        for (++at;;) {
            at = skip_space(at, end_);
            if (at == end_)
                return nullptr;
            if (*at == ']')
                break;
            if (*at == ',') {
                ++at;
                continue;
            }
            nested += *at == '{' || *at == '[' ? 1 : 0;
            at = value(at, node);
            if (at == nullptr)
                return nullptr;
        }
        sink_.leave_list(node, nested);
        --depth_;
        return at + 1;
    }

    char const* text(char const* at, std::uint32_t node) {
        auto const span = scan_text(at + 1, end_);
        if (span.end == nullptr)
            return nullptr;
        std::string_view const content(at + 1, static_cast<std::size_t>(span.end - at - 1));
        if (!matcher_.nodes_[node].is_field) {
            sink_.scalar(node);
        } else if (!span.is_escaped) {
            sink_.leaf(node, JsonType::text, content);
        } else {
            auto const* const end = decode_text(content, room_.text.data());
            if (end == nullptr)
                return nullptr;
            sink_.leaf(node, JsonType::text,
                       {room_.text.data(), static_cast<std::size_t>(end - room_.text.data())});
        }
        return span.end + 1;
    }

    char const* word(char const* at, std::uint32_t node) {
        auto const* const end = word_end(at);
        if (end == nullptr)
            return nullptr;
        if (!matcher_.nodes_[node].is_field) {
            sink_.scalar(node);
            return end;
        }
        auto const type = *at == 't'   ? JsonType::true_
                          : *at == 'f' ? JsonType::false_
                          : *at == 'n' ? JsonType::null_
                                       : JsonType::number;
        sink_.leaf(node, type, {at, static_cast<std::size_t>(end - at)});
        return end;
    }

    Matcher const& matcher_;
    Sink& sink_;
    DecodeRoom& room_;
    char const* end_{nullptr};
    std::size_t depth_{0};
    bool met_dotted_key_{false};
};

} // namespace kontor::routing
