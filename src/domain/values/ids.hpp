#pragma once

/// The ids of the shop: one type each, so that none is taken for another. Inside they are 128 bits;
/// outside they are written with a prefix that names the kind: "ord_01J8…". They parse at the edge
/// and are trusted inside.

#include "domain/values/id128.hpp"

namespace kontor {

/// One kind of id. `Tag::prefix` is the text before the 26 characters, underscore included.
template <class Tag>
class TypedId {
public:
    constexpr TypedId() = default;
    constexpr explicit TypedId(Id128 id) : id_(id) {}

    static TypedId mint(Instant now, Random& random) { return TypedId(Id128::mint(now, random)); }

    /// Errors: invalid (wrong prefix, or not an id).
    static Result<TypedId> parse(std::string_view text) {
        if (!text.starts_with(Tag::prefix))
            return unexpected(Failure{FailureKind::invalid, "an id of this kind starts with " +
                                                                std::string(Tag::prefix)});
        KONTOR_TRY(auto const id, Id128::parse(text.substr(Tag::prefix.size())));
        return TypedId(id);
    }

    constexpr Id128 value() const { return id_; }
    std::string to_string() const { return std::string(Tag::prefix) + id_.to_string(); }

    friend constexpr auto operator<=>(TypedId, TypedId) = default;

private:
    Id128 id_;
};

template <class T>
inline constexpr bool is_typed_id = false;
template <class Tag>
inline constexpr bool is_typed_id<TypedId<Tag>> = true;

struct OrderIdTag {
    static constexpr std::string_view prefix = "ord_";
};
struct CustomerIdTag {
    static constexpr std::string_view prefix = "cus_";
};
struct PaymentIdTag {
    static constexpr std::string_view prefix = "pay_";
};
struct RefundIdTag {
    static constexpr std::string_view prefix = "ref_";
};
struct CaptureIdTag {
    static constexpr std::string_view prefix = "cap_";
};
struct DisputeIdTag {
    static constexpr std::string_view prefix = "dis_";
};
struct ReservationIdTag {
    static constexpr std::string_view prefix = "res_";
};
struct FulfilmentIdTag {
    static constexpr std::string_view prefix = "ful_";
};
struct ReturnIdTag {
    static constexpr std::string_view prefix = "ret_";
};
struct TransferIdTag {
    static constexpr std::string_view prefix = "trf_";
};
struct WebhookIdTag {
    static constexpr std::string_view prefix = "whk_";
};
struct EventIdTag {
    static constexpr std::string_view prefix = "evt_";
};
struct CommandIdTag {
    static constexpr std::string_view prefix = "cmd_";
};

using OrderId = TypedId<OrderIdTag>;
using CustomerId = TypedId<CustomerIdTag>;
using PaymentId = TypedId<PaymentIdTag>;
using RefundId = TypedId<RefundIdTag>;
using CaptureId = TypedId<CaptureIdTag>;
using DisputeId = TypedId<DisputeIdTag>;
using ReservationId = TypedId<ReservationIdTag>;
using FulfilmentId = TypedId<FulfilmentIdTag>;
using ReturnId = TypedId<ReturnIdTag>;
using TransferId = TypedId<TransferIdTag>;
using WebhookId = TypedId<WebhookIdTag>;
using EventId = TypedId<EventIdTag>;
using CommandId = TypedId<CommandIdTag>;

/// The id of a thing that `cause` brings about: the same cause and noun always give the same id, so
/// that a command that runs twice names the same things.
/// Source: DOMAIN section 9.
template <class To, class From>
To derive_id(From cause, std::string_view noun, std::uint64_t index = 0) {
    return To(Id128::derive(cause.value(), noun, index));
}

/// The id of the `index`-th fact of a command. Never stored: it follows from the command.
inline EventId event_id(CommandId command, std::uint32_t index) {
    return derive_id<EventId>(command, "event", index);
}

} // namespace kontor

template <class Tag>
struct std::hash<kontor::TypedId<Tag>> {
    std::size_t operator()(kontor::TypedId<Tag> id) const {
        return std::hash<kontor::Id128>{}(id.value());
    }
};
