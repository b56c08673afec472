#pragma once

/// Chaos: which faults a seed has drawn, and whether one happens here and now. Each seed draws a
/// subset of all and a rate for each; every fault has dice of its own, so that switching one off
/// shifts nobody else's. Also the Faults of the code under test: it forces what the journal lets a
/// test force, and counts the rare states that were reached.   Thread: one.

#include "base/faults.hpp"
#include "base/random.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::simulation {

/// What can go wrong. The numbers are those of --mask.
enum class Ill : std::uint8_t {
    kill,           ///< the process dies between two steps
    power_cut,      ///< and the machine with it
    death_in_call,  ///< the process dies before, inside or after a call to disk or provider
    death_at_start, ///< it dies again while it recovers
    frame_early,    ///< the journal writes one append a frame
    append_full,    ///< the journal says that too much waits
    forget_live,    ///< the journal forgets where streams stand
    answer_lost,    ///< the provider did it and the answer is lost
    call_lost,      ///< the provider never saw the call
    answer_late,    ///< the answer comes hours later, as a report
    answer_twice,   ///< the answer comes twice
    provider_full,  ///< the provider takes no calls
    starved_agent,  ///< an agent gets no turn for a while
    clock_leap,     ///< the wall clock leaps ahead
    clock_stop,     ///< the wall clock stands while time goes on
    rival_writer,   ///< somebody else appends to the desk's streams
    odd_cards,      ///< buyers bring cards with a fate
    click_again,    ///< buyers repeat what they asked
    small_desk,     ///< the desk keeps few states
    provider_away,  ///< the provider cannot be reached for a while
    view_remade,    ///< the operator has a read model verified or built anew
    lazy_worker,    ///< who received a message forgets it, is late, or refuses it
};
inline constexpr std::size_t ills = 22;
std::string_view name_of(Ill ill);

class Chaos final : public Faults {
public:
    /// Draws the subset; `off` names what stays out, `calm`: nothing goes wrong at all.
    Chaos(Random const& seed, std::vector<unsigned> const& off, bool calm);

    /// Whether the seed has it at all.
    bool has(Ill ill) const { return is_on_ && drawn_[index(ill)].rate != 0; }
    /// Whether it happens here and now.
    bool strikes(Ill ill);
    /// The dice of one ill.
    Random& dice(Ill ill) { return drawn_[index(ill)].dice; }

    /// From now on nothing goes wrong any more.
    void heal() { is_on_ = false; }

    bool at(Fault const& fault) override;
    void reached(Mark const& mark) override { ++marks_[mark.name]; }
    void reached(std::string_view name) { ++marks_[name]; }

    /// A number that nobody in this world has yet.
    std::uint64_t next_number() { return ++numbers_; }

    std::map<std::string_view, std::uint64_t> const& marks() const { return marks_; }
    std::uint64_t struck(Ill ill) const { return drawn_[index(ill)].struck; }
    std::uint64_t struck() const;
    /// "kill 1/300, odd_cards 1/3".
    std::string to_string() const;

private:
    struct Drawn {
        Random dice{0};
        std::uint64_t rate{0}; ///< once in so many chances; 0: not drawn
        std::uint64_t struck{0};
    };
    static std::size_t index(Ill ill) { return static_cast<std::size_t>(ill); }

    std::array<Drawn, ills> drawn_;
    std::map<std::string_view, std::uint64_t> marks_;
    std::uint64_t numbers_{0};
    bool is_on_{true};
};

} // namespace kontor::simulation
