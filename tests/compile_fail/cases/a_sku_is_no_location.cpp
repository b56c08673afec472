// expects: invalid initialization of reference of type .*Location.* from .*Sku
#include "domain/values/names.hpp"

int pick(kontor::Location const& from);

int pick_first(kontor::Sku const& sku, kontor::Location const& location) {
#ifdef BROKEN
    static_cast<void>(location);
    return pick(sku);
#else
    static_cast<void>(sku);
    return pick(location);
#endif
}
