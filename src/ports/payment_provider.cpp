#include "ports/payment_provider.hpp"

namespace kontor::ports {
namespace {

std::string_view noun(PaymentOperation operation) {
    switch (operation) {
    case PaymentOperation::authorise: return "provider.authorise";
    case PaymentOperation::capture: return "provider.capture";
    case PaymentOperation::void_: return "provider.void";
    case PaymentOperation::refund: return "provider.refund";
    }
    KONTOR_UNREACHABLE();
}

} // namespace

ProviderKey provider_key(PaymentId payment, PaymentOperation operation, Id128 operation_id) {
    // Ids of one cause share their high half: the low one, all chance or hash, tells them apart.
    return ProviderKey(Id128::derive(payment.value(), noun(operation), operation_id.low()));
}

} // namespace kontor::ports
