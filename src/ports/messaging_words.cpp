#include "ports/messaging_words.hpp"

namespace kontor::ports {

std::string_view name(MessagingFault fault) {
    switch (fault) {
    case MessagingFault::not_found: return "not_found";
    case MessagingFault::already_exists: return "already_exists";
    case MessagingFault::invalid: return "invalid";
    case MessagingFault::invalid_pattern: return "invalid_pattern";
    case MessagingFault::limit_exceeded: return "limit_exceeded";
    case MessagingFault::concurrent_modification: return "concurrent_modification";
    case MessagingFault::illegal_status: return "illegal_status";
    case MessagingFault::access_denied: return "access_denied";
    case MessagingFault::unsupported: return "unsupported";
    case MessagingFault::throttled: return "throttled";
    case MessagingFault::unavailable: return "unavailable";
    }
    KONTOR_UNREACHABLE();
}

namespace {

FailureKind kind_of(MessagingFault fault) {
    switch (fault) {
    case MessagingFault::not_found: return FailureKind::not_found;
    case MessagingFault::already_exists:
    case MessagingFault::concurrent_modification: return FailureKind::conflict;
    case MessagingFault::invalid:
    case MessagingFault::invalid_pattern:
    case MessagingFault::illegal_status: return FailureKind::invalid;
    case MessagingFault::limit_exceeded: return FailureKind::full;
    case MessagingFault::access_denied:
    case MessagingFault::unsupported: return FailureKind::unsupported;
    case MessagingFault::throttled: return FailureKind::throttled;
    case MessagingFault::unavailable: return FailureKind::unavailable;
    }
    KONTOR_UNREACHABLE();
}

} // namespace

Failure to_failure(MessagingRefusal const& refusal) {
    return {kind_of(refusal.fault), refusal.what};
}

} // namespace kontor::ports
