#pragma once

/// I14, isolation: what is personal stands in the log sealed, and nowhere in the clear. At rest
/// nobody opens a value of someone who was erased, and everybody else's opens and says what it
/// said. A key is one person's, a person's key is one: none was lost in a crash and given again.
///
/// Knows a sealed value and a wrapped key by their written form alone; of platform/sealing it
/// shares the cipher.   Source: DOMAIN section 11; docs/decisions/0015.

#include "tests/simulation/checkers/history.hpp"

#include "platform/sealing/gcm.hpp"
#include "ports/key_store.hpp"

#include <map>
#include <set>

namespace kontor::simulation {

inline constexpr std::string_view canary_mark = "canary-";
/// A word that stands in everything personal of a person and in nothing else.
std::string canary_of(Id128 person);

class PrivacyChecker {
public:
    /// `keys` is the store beneath all processes.
    PrivacyChecker(Verdict& verdict, ports::KeyStore& keys, sealing::Key const& master)
        : verdict_(verdict), keys_(keys), master_(master) {}

    /// A fact that became visible, and its bytes.
    void see(Fact const& fact, ports::EventPage const& page, ports::RecordedEvent const& event);
    /// Something that somebody could look into: a file.
    void look_into(std::string_view name, std::span<std::uint8_t const> bytes);
    void at_rest();

    std::set<Id128> const& erased() const { return erased_; }
    std::uint64_t opened() const { return opened_; }
    std::uint64_t unopened() const { return unopened_; }

private:
    struct Value {
        Id128 person;
        std::array<std::uint8_t, 16> fact{}; ///< its id
        std::string path{};
        std::vector<std::uint8_t> sealed{};
        std::uint64_t position{0};
    };
    class Collector;

    Id128 person_of(Fact const& fact);
    Id128 buyer_of(OrderId order) const;
    void take(Value value);
    void must_open(Value const& value);
    void must_not_open(Value const& value);

    Verdict& verdict_;
    ports::KeyStore& keys_;
    sealing::Key master_;
    sealing::Gcm gcm_{};
    std::map<OrderId, Id128> buyers_;
    std::map<FulfilmentId, OrderId> parcels_;
    std::map<ports::KeyNumber, Id128> owners_;
    std::map<Id128, ports::KeyNumber> key_of_;
    std::set<Id128> erased_;
    std::vector<Value> values_;
    std::uint64_t opened_{0};
    std::uint64_t unopened_{0};
};

} // namespace kontor::simulation
