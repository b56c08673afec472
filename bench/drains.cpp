#include "bench/drains.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/embedded/sqlite/read_models.hpp"
#include "bench/phase.hpp"
#include "services/views/models.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace kontor::bench {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

DrainedModels::DrainedModels(LogUnderTest& log, std::string const& directory)
    : models_(must(sqlite::ReadModels::open(directory, sqlite::this_boot()))) {
    for (auto const& model : services::views::kept_models())
        projectors_.push_back(
            std::make_unique<projections::Projector>(log.store(), *models_, model.make));
    drain();
}

DrainedModels::~DrainedModels() {
    projectors_.clear(); // the models are closed before their store is
}

double DrainedModels::drain() {
    Phase const phase("sqlite.drain");
    auto const start = std::chrono::steady_clock::now();
    for (auto const& projector : projectors_) {
        must(projections::catch_up(*projector));
        must(projector->settle());
    }
    return seconds_since(start);
}

ports::RowDigest DrainedModels::digest_of(std::string_view name) const {
    auto const found = std::find_if(projectors_.begin(), projectors_.end(),
                                    [&](auto const& each) { return each->status().name == name; });
    KONTOR_ASSERT(found != projectors_.end(), "no read model is called {}", name);
    return (*found)->status().checkpoint.digest;
}

programs::ProofFiles DrainedTree::files_in(std::string const& directory) {
    auto files = programs::open_proof_files(directory);
    KONTOR_ASSERT(files.has_value(), "{}", to_string(files.error().failure));
    return *std::move(files);
}

DrainedTree::DrainedTree(LogUnderTest& log, std::string const& directory)
    : log_(log), files_(files_in(directory)) {
    std::array<std::uint8_t, proofs::Signer::seed_bytes> const seed{1};
    tree_.emplace(log_.store(), clock_, files_.tree(),
                  must(proofs::Signer::of("kontor/bench", seed)),
                  proofs::ProofTree::Keep{[this] { return checkpoint_; },
                                          [this](std::string_view text) {
                                              checkpoint_ = text;
                                              return Result<void>{};
                                          }});
    must(tree_->recover());
    drain();
}

double DrainedTree::drain() {
    Phase const phase("audit.drain");
    auto const start = std::chrono::steady_clock::now();
    auto const until = log_.store().durable().position;
    while (tree_->position() < until)
        must(tree_->do_work({proofs::page_events_max}));
    return seconds_since(start);
}

} // namespace kontor::bench
