// expects: could not convert .*TypedId<kontor::OrderIdTag>
#include "domain/values/ids.hpp"

void capture(kontor::PaymentId payment);

void capture_both(kontor::OrderId order, kontor::PaymentId payment) {
#ifdef BROKEN
    capture(order);
#endif
    static_cast<void>(order);
    capture(payment);
}
