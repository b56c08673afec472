#pragma once

/// faulty::Mailer: a mailer whose server goes away, puts letters off, or takes one and does not say
/// so, when a seed says it, within what the port allows.   Thread: as the port says.

#include "ports/mailer.hpp"

#include "base/random.hpp"

namespace kontor::faulty {

/// Chances in a thousand; zero everywhere is a mailer without faults.
struct MailPlan {
    std::uint32_t nobody_there{0}; ///< the letter goes nowhere: unavailable
    std::uint32_t put_off{0};      ///< likewise: later
    std::uint32_t answer_lost{0};  ///< the letter is taken, and the answer is unavailable
};

class Mailer final : public ports::Mailer {
public:
    Mailer(ports::Mailer& mailer, MailPlan plan, std::uint64_t seed)
        : mailer_(mailer), plan_(plan), random_(Random(seed).fork("faulty.mailer")) {}

    Result<void> start(std::span<ports::MailCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::MailAnswer>& answers) override;

    /// From now on.
    void follow(MailPlan plan) { plan_ = plan; }

private:
    bool draw(std::uint32_t chance) { return random_.chance(chance, 1000); }

    ports::Mailer& mailer_;
    MailPlan plan_;
    Random random_;
    std::vector<ports::MailAnswer> own_{};
};

} // namespace kontor::faulty
