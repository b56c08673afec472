#include "services/books/reconcile.hpp"

namespace kontor::services::books {
namespace {

Agreement agreement_of(std::int64_t ours, std::int64_t theirs) {
    if (ours == theirs)
        return Agreement::matched;
    if (theirs == 0)
        return Agreement::missing;
    return ours == 0 ? Agreement::unknown : Agreement::different;
}

} // namespace

void Reconciliation::have(PaymentId payment, payment::Event const& fact) {
    auto const add = [&](MoneyMoved kind, Money amount) {
        sums_[{payment, kind, amount.currency()}].ours += amount.minor();
    };
    if (auto const* const captured = std::get_if<payment::Captured>(&fact))
        add(MoneyMoved::capture, captured->amount);
    if (auto const* const refunded = std::get_if<payment::Refunded>(&fact))
        add(MoneyMoved::refund, refunded->amount);
}

std::vector<Compared> Reconciliation::compare() const {
    std::vector<Compared> compared;
    compared.reserve(sums_.size());
    for (auto const& [key, sums] : sums_)
        compared.push_back({key, agreement_of(sums.ours, sums.theirs), sums.ours, sums.theirs});
    return compared;
}

} // namespace kontor::services::books
