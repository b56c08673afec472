#pragma once

/// DeskWork: a desk in this process for a command that writes, with the log open for it. Wishes are
/// asked one behind the other; what is refused is told with the wish's number.   Thread: one.

#include "programs/kontor/open_log.hpp"
#include "services/shop/shop.hpp"

#include <functional>
#include <string_view>

namespace kontor::programs {

class DeskWork {
public:
    /// What a wish was refused for; the number is the caller's.
    using Refused = std::function<void(std::uint64_t number, std::string_view problem)>;

    /// All outlive it.
    DeskWork(OpenLog& log, Clock& clock, Refused refused);

    /// The state as it is with everything that was asked so far.
    template <class Aggregate>
    typename Aggregate::Fold::State const& state(typename Aggregate::Key const& key) {
        return desk_.state<Aggregate>(key);
    }

    /// Errors: those of the log; unavailable (there is no room).
    Result<void> ask(services::Work work, std::uint64_t number);

    /// Waits until everything is durable.   Errors: as ask.
    Result<void> finish();

private:
    Result<void> let_work();

    OpenLog& log_;
    Clock& clock_;
    Refused refused_;
    services::ShopDesk desk_;
    CommandId const root_; ///< a new one, so that the ids of its wishes are new
    std::uint64_t asked_{0};
    std::size_t refused_in_a_row_{0};
    std::vector<services::ShopAnswer> answers_;
};

} // namespace kontor::programs
