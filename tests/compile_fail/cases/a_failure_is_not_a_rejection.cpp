// expects: could not convert .*Unexpected<kontor::Failure>
#include "base/result.hpp"

enum class Rejection { already_shipped };

kontor::Result<int, Rejection> decide(bool shipped) {
    if (!shipped)
        return 1;
#ifdef BROKEN
    return kontor::unexpected(kontor::Failure{kontor::FailureKind::invalid, "already shipped"});
#else
    return kontor::unexpected(Rejection::already_shipped);
#endif
}
