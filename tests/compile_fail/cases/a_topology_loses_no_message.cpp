// expects: found = kontor::topology::Unsound::no_dead_letters
#include "topology/shop.hpp"

constexpr auto queues = [] {
    auto all = kontor::topology::shop_queues;
#ifdef BROKEN
    all[4].dead_letters = {};
    all[4].receives_max = 0;
#endif
    return all;
}();
constexpr auto topology = [] {
    auto all = kontor::topology::shop;
    all.queues = queues;
    return all;
}();
static_assert(kontor::topology::is_sound<kontor::topology::unsound(topology)>());
