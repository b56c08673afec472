#include "services/views/goods.hpp"

#include "domain/customer/events.hpp"

namespace kontor::services::views {
namespace {

template <class Fact>
CustomerRow& moved_customer(CustomerTables& rows, Recorded<Fact> const& it) {
    auto& row = rows.customers.put({it.event.customer_id});
    stamp(row, it);
    return row;
}

template <class Fact>
void describe(CustomerTables& rows, Recorded<Fact> const& it) {
    auto& row = moved_customer(rows, it);
    row.is_guest = it.event.guest;
    row.country = it.event.country;
}

} // namespace

void project(CustomerTables& rows, Recorded<customer::Registered> const& it) {
    describe(rows, it);
}

void project(CustomerTables& rows, Recorded<customer::Changed> const& it) {
    describe(rows, it);
}

void project(CustomerTables& rows, Recorded<customer::Erased> const& it) {
    // A guest never registered: of such a one nothing else is known.
    bool const is_guest = rows.customers.find({it.event.customer_id}) == nullptr;
    auto& row = moved_customer(rows, it);
    row.is_erased = true;
    if (is_guest) {
        row.is_guest = true;
        row.country = Country::parse("ZZ").value_or(Country());
    }
}

Customers::Customers(std::size_t at_hand_max)
    : rows_(at_hand_max), tables_{&rows_.customers},
      shape_(projections::model_shape(name, version, tables_)) {}

Result<void> Customers::project(ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit) {
    if (event.stream.category() != StreamCategory::customer)
        return {};
    return projections::project_fact<customer::Event>(rows_, event, commit);
}

} // namespace kontor::services::views
