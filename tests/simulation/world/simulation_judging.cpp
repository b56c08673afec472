/// What is judged beside the facts themselves: rows, heads, keys and files, and the end.

#include "tests/simulation/world/simulation.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::simulation {
namespace {

std::vector<std::uint8_t> content_of(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

/// Rows are never thrown away here: whatever happens, they are those of some position.
Result<WorkDone> Simulation::project(WorkBudget budget) {
    KONTOR_TRY(auto const done, node_->project(budget));
    if (done.items == 0)
        return done;
    for (auto const& projector : node_->projectors()) {
        auto const status = projector->status();
        if (!status.discard_reason.empty())
            verdict_.fail("I6", status.name + " was thrown away: " + status.discard_reason);
        if (status.last_comparison && !status.last_comparison->agrees())
            verdict_.fail("I6", status.name + " is not what a job has folded anew");
        if (status.job_failure)
            verdict_.fail("I6", status.name + ": " + to_string(*status.job_failure));
    }
    return done;
}

void Simulation::compare_views(bool is_at_rest) {
    auto const models = sqlite::ReadModels::look(view_room_.directory(), only_boot);
    if (is_at_rest)
        views_.at_rest(node_->store(), *models);
    else
        views_.compare(node_->store(), *models);
    if (views_.compared() > 0)
        chaos_.reached("views.compared");
}

void Simulation::look_at_heads() {
    auto const heads = proof_room_.take_heads();
    for (auto const& head : heads)
        audit_.keep(head, node_->proofs().signer().verifier_key());
    if (!heads.empty())
        chaos_.reached("head.signed");
    if (proof_room_.was_taken_for_forged())
        verdict_.fail("I13", "our own log was taken for a forged one");
}

/// Of those who were erased nothing can be opened, of all others everything; and whoever takes the
/// files away finds nobody in them.
void Simulation::judge_privacy() {
    if (node_->keeper().waiting() > 0)
        verdict_.fail("I14", fmt::format("{} who were erased still have their key at rest",
                                         node_->keeper().waiting()));
    privacy_.at_rest();
    auto const names_there = disk_.list();
    for (auto const& name : names_there.value())
        privacy_.look_into(name, disk_.content(name));
    for (auto const& entry : std::filesystem::recursive_directory_iterator(view_room_.directory()))
        if (entry.is_regular_file())
            privacy_.look_into(entry.path().filename().string(), content_of(entry.path()));
    if (privacy_.opened() > 0)
        chaos_.reached("person.opened");
    if (privacy_.unopened() > 0)
        chaos_.reached("person.unopened");
}

void Simulation::judge_proofs() {
    look_at_heads();
    auto const head = node_->proofs().head();
    if (!head)
        return verdict_.fail("I13", "the tree tells no head at rest: " + to_string(head.error()));
    audit_.at_rest(*head);
}

/// All that was sent has been received and settled.
void Simulation::judge_messages() {
    auto const expired = queues_.at_rest(node_->messages().queues().queue(), clock_.now());
    receivers_.at_rest(expired);
    relay_.at_rest();
    deliveries_.at_rest();
    if (deliveries_.booked() > 0)
        chaos_.reached("delivery.booked");
    if (queues_.dead() > 0)
        chaos_.reached("message.dead");
    if (relay_.brought() > 0)
        chaos_.reached("message.brought");
}

void Simulation::judge_the_end() {
    if (crowd_.unanswered() > 0)
        verdict_.fail("I4", fmt::format("{} requests are not answered", crowd_.unanswered()));
    if (node_->checkout().open_orders() > 0)
        verdict_.fail("I3", fmt::format("the order process still leads {} orders",
                                        node_->checkout().open_orders()));
    endings_.at_rest();
    documents_.at_rest();
    oversell_.at_rest();
    money_.at_rest(provider_.book());
    settlement_.at_rest();
    sequence_.at_rest();
    judge_privacy();
    judge_proofs();
    judge_messages();
    compare_views(true);
    if (verdict_.violation())
        return;
    node_.reset();
    disk_.cut_power();
    disk_.restore_power();
    start_life();
}

} // namespace kontor::simulation
