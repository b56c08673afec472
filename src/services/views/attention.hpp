#pragma once

/// The read model "attention": what the order process asks of people, and what became of it. It
/// asks the buyer for another way to pay, and an operator to look where a deadline passed that it
/// cannot answer alone. Folded from the steps of the process, which say both what was asked and
/// what came next. Beside it, of the same steps, stands where each process is that has not ended,
/// and how many stand where.
/// Thread: one.   Source: DOMAIN section 8, "alarm" and "ask the buyer".

#include "services/views/sagas.hpp"

#include <array>
#include <string>
#include <vector>

namespace kontor::services::views {

/// Who is asked. Stored by name.
enum class AskedOf : std::uint8_t {
    buyer = 1,     ///< for another way to pay
    operator_ = 2, ///< to look at something that takes too long
};
BOOST_DESCRIBE_ENUM(AskedOf, buyer, operator_)

enum class AttentionState : std::uint8_t { open, settled };
BOOST_DESCRIBE_ENUM(AttentionState, open, settled)

using SubjectText = InlineText<Id128::text_length>;

/// One thing that somebody is asked.
struct AttentionRow {
    static constexpr std::string_view table = "attention";
    static constexpr std::size_t key_columns = 2;
    OrderId order_id;
    std::uint32_t number; ///< from 1, within the order
    AskedOf asked_of;
    checkout::Deadline about;           ///< what was waited for
    std::optional<SubjectText> subject; ///< payment, capture, refund, parcel, return or dispute
    AttentionState state;
    Instant asked_at;
    std::optional<Instant> until; ///< of a question to the buyer
    std::uint32_t times;          ///< it was asked so often
    std::optional<Instant> settled_at;
    friend bool operator==(AttentionRow const&, AttentionRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(AttentionRow, (),
                      (order_id, number, asked_of, about, subject, state, asked_at, until, times,
                       settled_at))
static_assert(describes_every_field<AttentionRow>());

/// How much of it an order has.
struct AttentionSumRow {
    static constexpr std::string_view table = "attention_sums";
    static constexpr std::size_t key_columns = 1;
    OrderId order_id;
    std::uint32_t asked;
    std::uint32_t open;
    friend bool operator==(AttentionSumRow const&, AttentionSumRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(AttentionSumRow, (), (order_id, asked, open))
static_assert(describes_every_field<AttentionSumRow>());

/// So many things are kept of one order; at the limit the oldest gives its place to the next.
inline constexpr std::uint32_t attention_of_order_max = 32;

/// Folds a step of the process into what was asked about its order so far, by number.
void note_attention(std::vector<AttentionRow>& asked, OrderId order, checkout::Advanced const& step,
                    Instant at);

std::uint32_t count_open(std::vector<AttentionRow> const& asked);

/// What is asked, as a sentence: "another way to pay is wanted: …".
std::string_view words_of(AskedOf asked_of, checkout::Deadline about);

struct AttentionTables {
    explicit AttentionTables(std::size_t at_hand_max)
        : asked(at_hand_max), sums(at_hand_max), sagas(at_hand_max), counts(at_hand_max) {}
    projections::Table<AttentionRow> asked;
    projections::Table<AttentionSumRow> sums;
    projections::Table<SagaRow> sagas;
    projections::Table<SagaCountRow> counts;
};

/// Tables by number, in the sequence of the model's shape.
enum class AttentionTable : std::size_t { asked, sums, sagas, counts };

class Attention final : public projections::Projection {
public:
    static constexpr std::string_view name = "attention";
    static constexpr std::uint32_t version = 3;

    explicit Attention(std::size_t at_hand_max);
    ports::ModelShape const& shape() const override { return shape_; }
    std::span<projections::AnyTable* const> tables() override { return tables_; }
    /// Errors: corrupt, unsupported (the fact cannot be read).
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override;

private:
    AttentionTables rows_;
    std::array<projections::AnyTable*, 4> tables_;
    ports::ModelShape shape_;
};

} // namespace kontor::services::views
