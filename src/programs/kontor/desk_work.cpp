#include "programs/kontor/desk_work.hpp"

#include "platform/problems/problems.hpp"

namespace kontor::programs {
namespace {

constexpr std::size_t states_max = 65'536;
/// So often the log may have no room while nothing waits for the disk; then it has none.
constexpr std::size_t refused_in_a_row_max = 1'000;

Actor const person{ActorKind::operator_, InlineText<31>("kontor")};

} // namespace

DeskWork::DeskWork(OpenLog& log, Clock& clock, Refused refused)
    : log_(log), clock_(clock), refused_(std::move(refused)),
      desk_(log.store(), services::Shop{}, states_max), root_(embedded::draw_lineage()) {}

Result<void> DeskWork::ask(services::Work work, std::uint64_t number) {
    while (desk_.is_behind())
        KONTOR_TRY(let_work());
    auto const id = derive_id<CommandId>(root_, "wish", ++asked_);
    services::ShopRequest request{id, id.value(), {}, clock_.now(), person, std::move(work)};
    request.ticket = number;
    return desk_.take(std::move(request));
}

Result<void> DeskWork::finish() {
    while (!desk_.is_idle())
        KONTOR_TRY(let_work());
    return let_work();
}

Result<void> DeskWork::let_work() {
    if (auto const failure = log_.writer_failure())
        return unexpected(*failure);
    auto const flushed = desk_.flush();
    if (!flushed && flushed.error().kind != FailureKind::full)
        return unexpected(flushed.error());
    refused_in_a_row_ = flushed || desk_.awaits_disk() ? 0 : refused_in_a_row_ + 1;
    if (refused_in_a_row_ > refused_in_a_row_max)
        return unexpected(flushed.error());
    answers_.clear();
    desk_.collect(answers_);
    for (auto const& answer : answers_) {
        if (auto const* const failure = std::get_if<Failure>(&answer.content))
            return unexpected(*failure);
        if (auto const* const no = std::get_if<services::Refusal>(&answer.content))
            refused_(answer.ticket, problems::find_problem(services::Shop::problem(*no))->name);
    }
    if (answers_.empty())
        log_.wait_a_little();
    return {};
}

} // namespace kontor::programs
