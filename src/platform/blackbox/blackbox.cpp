#include "platform/blackbox/blackbox.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace kontor::blackbox {
namespace {

/// Changed with the layout below: a box of another release is as good as none.
constexpr std::array<char, 8> magic{'K', 'N', 'T', 'R', 'B', 'B', 'X', '1'};

using Text = std::array<char, agent_name_max>;

void put(Text& to, std::string_view text) {
    to = {};
    std::ranges::copy(text.substr(0, to.size() - 1), to.begin());
}
std::string_view text_of(Text const& text) {
    return {text.data(), strnlen(text.data(), text.size())};
}

} // namespace

struct Blackbox::Box {
    struct alignas(64) HandRecord {
        Text agent;
        std::uint64_t high; ///< of what is in hand
        std::uint64_t low;
        std::uint64_t is_full;
    };
    struct alignas(64) SuspectRecord {
        Text agent;
        std::uint64_t high;
        std::uint64_t low;
        std::int64_t last_end_us;
        std::uint32_t ends; ///< 0: the place is free
        bool is(Id128 what) const { return ends > 0 && Id128(high, low) == what; }
    };

    auto find(Id128 what) {
        return std::ranges::find_if(suspects,
                                    [&](SuspectRecord const& suspect) { return suspect.is(what); });
    }

    std::array<char, 8> begins;
    Text machine_start;
    std::array<HandRecord, hands_max> hands;
    std::array<SuspectRecord, suspects_max> suspects;
    std::uint64_t refused; ///< since the process began
    std::uint64_t count;   ///< of suspects
};

/// Stores in this sequence outlive the process in this sequence: it is the same memory.
class Blackbox::AgentsHand final : public ports::Hand {
public:
    AgentsHand(Blackbox& box, Box::HandRecord& record) : box_(box), record_(record) {}

    bool take(Id128 what) override {
        if (has_suspects() && box_.is_quarantined(what))
            return false;
        record_.high = what.high();
        record_.low = what.low();
        std::atomic_ref(record_.is_full).store(1, std::memory_order_release);
        return true;
    }
    void let_go() override {
        std::atomic_ref(record_.is_full).store(0, std::memory_order_release);
        if (has_suspects())
            box_.forgive(Id128(record_.high, record_.low));
    }

private:
    bool has_suspects() const {
        return std::atomic_ref(box_.box_.count).load(std::memory_order_relaxed) > 0;
    }
    Blackbox& box_;
    Box::HandRecord& record_;
};

std::size_t Blackbox::bytes() {
    return sizeof(Box);
}

Blackbox::Blackbox(std::span<std::byte> memory, std::string_view machine_start, Instant now)
    : box_(*reinterpret_cast<Box*>(memory.data())) {
    static_assert(std::is_trivial_v<Box>, "it lies in memory that nobody constructs");
    KONTOR_ASSERT(memory.size() >= sizeof(Box), "a blackbox has {} bytes", memory.size());
    if (box_.begins != magic) {
        std::memset(memory.data(), 0, sizeof(Box));
        box_.begins = magic;
    }
    Text starts{};
    put(starts, machine_start);
    bool const is_same_start = starts == box_.machine_start;
    for (auto& hand : box_.hands) {
        if (is_same_start && hand.is_full != 0)
            note(text_of(hand.agent), Id128(hand.high, hand.low), now);
        hand = {};
    }
    box_.machine_start = starts;
    box_.refused = 0;
}

Blackbox::~Blackbox() = default;

ports::Hand& Blackbox::hand(std::string_view agent) {
    KONTOR_ASSERT(hands_.size() < hands_max, "{} hands are all there are", hands_max);
    auto& record = box_.hands[hands_.size()];
    put(record.agent, agent);
    return *hands_.emplace_back(std::make_unique<AgentsHand>(*this, record));
}

void Blackbox::note(std::string_view agent, Id128 what, Instant now) {
    std::scoped_lock const lock(mutex_);
    auto found = box_.find(what);
    if (found == box_.suspects.end()) {
        found = std::ranges::find(box_.suspects, 0U, &Box::SuspectRecord::ends);
        if (found == box_.suspects.end())
            found =
                std::ranges::min_element(box_.suspects, {}, [](Box::SuspectRecord const& suspect) {
                    return std::pair(suspect.ends >= ends_max, suspect.last_end_us);
                });
        if (found->ends >= ends_max)
            return;
        box_.count += found->ends == 0 ? 1U : 0U;
        *found = {};
        put(found->agent, agent);
        found->high = what.high();
        found->low = what.low();
    }
    ++found->ends;
    found->last_end_us = now.unix_microseconds();
}

bool Blackbox::is_quarantined(Id128 what) {
    std::scoped_lock const lock(mutex_);
    bool const is = std::ranges::any_of(box_.suspects, [&](Box::SuspectRecord const& suspect) {
        return suspect.is(what) && suspect.ends >= ends_max;
    });
    box_.refused += is ? 1U : 0U;
    return is;
}

bool Blackbox::forgive(Id128 what) {
    std::scoped_lock const lock(mutex_);
    auto const found = box_.find(what);
    if (found == box_.suspects.end())
        return false;
    *found = {};
    --box_.count;
    return true;
}

std::vector<Suspect> Blackbox::suspects() const {
    std::scoped_lock const lock(mutex_);
    std::vector<Suspect> found;
    for (auto const& suspect : box_.suspects)
        if (suspect.ends > 0)
            found.push_back({std::string(text_of(suspect.agent)), Id128(suspect.high, suspect.low),
                             suspect.ends, Instant::from_unix_microseconds(suspect.last_end_us)});
    return found;
}

std::uint64_t Blackbox::refused() const {
    std::scoped_lock const lock(mutex_);
    return box_.refused;
}

} // namespace kontor::blackbox
