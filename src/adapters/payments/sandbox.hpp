#pragma once

/// Sandbox: a payment provider in memory, driven by a clock and dice that are given to it. Thread:
/// one.
///
/// Invariants: 1. Its book changes when a call arrives; answers and webhooks follow later.
///             2. Held, captured and refunded change once for each key.
///             3. captured <= authorised and refunded <= captured, for each payment.

#include "adapters/payments/sandbox_tokens.hpp"

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ports/payment_provider.hpp"

#include <functional>
#include <queue>
#include <unordered_map>

namespace kontor::payments {

struct SandboxOptions {
    Duration answer_min{Duration::milliseconds(30)};
    Duration answer_max{Duration::milliseconds(300)};
    Duration webhook_again_after{ports::webhook_again_after}; ///< then twice as long each time
};

/// One payment in the provider's own book.
struct BookEntry {
    PaymentId payment_id;
    Money authorised;
    Money captured;
    Money refunded;
    Money held; ///< authorised and neither captured nor let go of
    std::uint32_t captures;
    std::uint32_t refunds;
};

class Sandbox final : public ports::PaymentProvider {
public:
    Sandbox(Clock& clock, Random dice, SandboxOptions options = {});

    Result<void> start(std::span<ports::ProviderCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override;

    /// Puts an outcome that somebody else remembers into the book, as if it had come about here:
    /// the sandbox keeps nothing itself, and whoever starts again tells it what was. Outcomes of
    /// one payment in their sequence, before its first call; its card is one that is approved.
    void remember(PaymentId id, ports::ProviderOutcome const& outcome);

    /// Whoever remembers what became of a payment; nothing: that is not remembered.
    /// Errors: as of a call that is started.
    using Memory = std::function<Result<std::vector<ports::ProviderOutcome>>(PaymentId)>;

    /// Asks it about each payment that a call names and that is not in the book; an authorisation
    /// begins one, and there is nothing to ask.
    void ask_memory(Memory memory) { memory_ = std::move(memory); }

    /// When there is something to collect next, so that a virtual clock may jump there.
    std::optional<Instant> next_due() const;

    /// How many payments the book has.
    std::size_t payments() const { return accounts_.size(); }

    /// The whole book, in the sequence of the payments' ids.
    std::vector<BookEntry> book() const;

private:
    enum class Standing : std::uint8_t { acting, declined, held, voided, lapsed };
    struct Movement {
        ports::ProviderKey key;
        Id128 id;
        std::int64_t amount;
        bool last{false};    ///< of a capture
        bool pending{false}; ///< of a refund
    };
    struct Account {
        ports::ProviderKey key; ///< of the authorise call
        Token token{Token::tok_approve};
        Standing standing{Standing::held};
        Currency currency{};
        std::int64_t authorised{0};
        std::int64_t captured{0};
        std::int64_t refunded{0};
        std::int64_t refunding{0};
        bool is_released{false}; ///< the last capture let go of the rest
        bool is_disputed{false};
        Instant capture_before{};
        std::vector<Movement> captures{};
        std::vector<Movement> refunds{};
    };
    /// What will happen at the provider without a call.
    enum class Happening : std::uint8_t {
        none,
        buyer_acts,
        authorisation_ends,
        refund_settles,
        dispute_opens,
        dispute_ends
    };
    struct Planned {
        Instant at;
        std::uint64_t sequence;
        Happening happening;
        Id128 subject; ///< refund or dispute
        ports::ProviderAnswer answer;
        bool is_call_answer{false};
    };
    struct Later {
        bool operator()(Planned const& a, Planned const& b) const {
            return b.at < a.at || (b.at == a.at && b.sequence < a.sequence);
        }
    };

    Result<void> recall(ports::ProviderCall const& call);
    void authorise(ports::ProviderCall const& call, ports::AuthoriseCall const& wanted);
    void capture(ports::ProviderCall const& call, ports::CaptureCall const& wanted);
    void release(ports::ProviderCall const& call);
    void refund(ports::ProviderCall const& call, ports::RefundCall const& wanted);
    void find(ports::ProviderCall const& call, ports::FindCall const& wanted);

    void answer_authorisation(ports::ProviderCall const& call, Account const& account, bool first);
    ports::ProviderOutcome captured_outcome(ports::ProviderCall const& call,
                                            ports::CaptureCall const& wanted);
    ports::ProviderOutcome refunded_outcome(ports::ProviderCall const& call,
                                            ports::RefundCall const& wanted);
    static void enter_capture(Account& account, Movement const& taken);
    static void enter_refund(Account& account, Movement const& given);
    void hold(PaymentId id, Account& account, Money amount, ports::PaymentInitiator initiator);
    ports::ProviderOutcome standing_outcome(Account const& account, PaymentId id) const;

    /// Numbers a webhook and has it come again. False: it was receipted.
    bool deliver(ports::ProviderAnswer& report);
    Duration latency();
    void answer(ports::ProviderCall const& call, ports::ProviderOutcome outcome, Duration after);
    void webhook(PaymentId id, ports::ProviderKey key, ports::ProviderOutcome outcome,
                 Duration after);
    void plan(Happening happening, PaymentId id, Instant at, Id128 subject = {});
    /// Changes the book as planned; empty: nothing came of it.
    std::optional<ports::ProviderOutcome> happen(Planned const& planned);
    std::optional<ports::ProviderOutcome> buyer_acts(PaymentId id, Account& account);
    std::optional<ports::ProviderOutcome> refund_settles(Account& account, Id128 refund);
    Money money(Account const& account, std::int64_t minor) const {
        return Money::of(minor, account.currency);
    }

    Clock& clock_;
    Random dice_;
    SandboxOptions options_;
    Memory memory_{};
    std::unordered_map<PaymentId, Account> accounts_{};
    std::unordered_map<Id128, bool> lost_{}; ///< keys of calls that went astray, once each
    std::priority_queue<Planned, std::vector<Planned>, Later> planned_{};
    std::unordered_map<std::uint64_t, Duration> unreceipted_{}; ///< and the next pause of each
    std::uint64_t deliveries_{0};
    std::uint64_t sequence_{0};
    std::size_t calls_in_flight_{0};
};

} // namespace kontor::payments
