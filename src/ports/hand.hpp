#pragma once

/// Hand: where an agent names what it handles before it does, so that whoever starts after an
/// unclean end knows what was in hand. What was in hand at three unclean ends is not handled any
/// more: one bad input costs one input, and never the shop.   Thread: the agent's.
/// Source: RELIABILITY section 6, "Poison is no crash loop".

#include "domain/values/id128.hpp"

namespace kontor::ports {

class Hand {
public:
    virtual ~Hand() = default;

    /// Names what is handled from now on.
    /// Returns: false: it is quarantined, nothing is named, and it must not be handled.
    virtual bool take(Id128 what) = 0;
    /// It was handled, whatever came of it.
    virtual void let_go() = 0;
};

} // namespace kontor::ports
