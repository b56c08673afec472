#pragma once

/// Shoppers: the demo's customers, as calls of the API: they browse, ask for a quote, buy, change
/// their mind, cancel, and send back what they got. Pure: time and dice are given, calls go out,
/// answers come in; who carries them to the shop and back is for the program.
/// Thread: one.   Source: INTERFACES section 3, demo.
///
/// Invariants: 1. The same seed and the same answers give the same calls.
///             2. A visit has one call open at most; a refused call ends it or is repeated with the
///                same key.

#include "services/demo/assortment.hpp"

#include "codec/json_document.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kontor::services::demo {

struct ShopperCall {
    std::uint64_t visit;
    std::string_view method;
    std::string path;
    std::string body{};            ///< empty: none
    std::string idempotency_key{}; ///< empty: none
};

struct ShopperAnswer {
    std::uint64_t visit;
    std::uint16_t status; ///< 0: no answer came
    std::string_view body{};
};

struct ShopperOptions {
    Duration between_orders{Duration::milliseconds(500)}; ///< on average
    std::uint64_t opening_orders{300};                    ///< at once, when the doors open
    std::optional<std::uint64_t> orders_max{};            ///< then nobody comes any more
};

/// What they have done so far.
struct ShopperCounts {
    std::uint64_t visits{0};
    std::uint64_t calls{0};
    std::uint64_t placed{0};
    std::uint64_t declined{0}; ///< with a card that the bank refuses
    std::uint64_t cancelled{0};
    std::uint64_t returned{0};
    std::uint64_t refused{0}; ///< answers 4xx
    std::uint64_t failed{0};  ///< answers 5xx, or none
};

class Shoppers {
public:
    Shoppers(Random const& seed, ShopperOptions options);

    /// What they do until `now`, appended to `calls`.   Units: monotonic.
    void advance(Duration now, std::vector<ShopperCall>& calls);
    void answered(ShopperAnswer const& answer, Duration now);

    ShopperCounts const& counts() const { return counts_; }
    std::size_t open_visits() const { return visits_.size(); }

private:
    enum class Step : std::uint8_t {
        browse,
        look,
        quote,
        place,
        pay_again,
        cancel,
        cancel_line,
        watch,
        send_back,
        unpack
    };
    enum class Mind : std::uint8_t { only_looks, keeps, cancels, cancels_a_line, sends_back };

    struct Visit {
        Step step{Step::browse};
        Mind mind{Mind::keeps};
        std::size_t customer{0};
        std::vector<std::pair<std::size_t, std::int64_t>> basket{}; ///< product and units
        std::string token{};
        std::string total{};    ///< as the quote said it
        std::string shipping{}; ///< the method of the quote
        std::string order{};
        std::string return_id{};
        Duration due{};
        bool is_open{false};    ///< a call is under way
        bool is_hurried{false}; ///< came when the doors opened
        int tries{0};
    };

    void arrive(Duration now);
    bool may_arrive() const;
    ShopperCall call_of(std::uint64_t number, Visit const& visit) const;
    std::string lines_of(Visit const& visit) const;
    std::string order_body(Visit const& visit) const;
    /// The next step, or none: the visit is over.
    std::optional<Step> next_step(Visit& visit, ShopperAnswer const& answer);
    std::optional<Step> after_quote(Visit& visit, codec::JsonNode const& body);
    std::optional<Step> after_placing(Visit& visit, codec::JsonNode const& body);
    std::optional<Step> after_watching(Visit& visit, codec::JsonNode const& body);
    Duration pause_before(Visit const& visit, Step step);

    Random dice_;
    ShopperOptions options_;
    std::vector<DemoProduct> const products_;
    std::vector<DemoCustomer> const customers_;
    std::uint64_t const run_; ///< so that keys of another run are others
    std::map<std::uint64_t, Visit> visits_;
    codec::JsonDocument document_;
    ShopperCounts counts_;
    std::optional<Duration> next_arrival_{};
    std::uint64_t opening_left_;
};

} // namespace kontor::services::demo
