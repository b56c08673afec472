#include "platform/proofs/tree.hpp"

#include <algorithm>

namespace kontor::proofs {
namespace {

Failure not_there(std::string what) {
    return {FailureKind::not_found, std::move(what)};
}

} // namespace

ProofTree::ProofTree(ports::EventStore& store, Clock& clock, TreeFiles files, Signer signer,
                     Keep keep)
    : store_(store), clock_(clock), files_(files), signer_(std::move(signer)),
      keep_(std::move(keep)), signed_at_(clock.monotonic()) {}

Result<void> ProofTree::recover() {
    auto const kept = keep_.load();
    auto const head = open_checkpoint(kept, signer_.verifier_key());
    has_refused_head_ = !head && !kept.empty();
    auto const size = head && head->tree.size <= files_.whole_leaves() ? head->tree.size : 0;
    if (head)
        signed_ = *head;
    KONTOR_TRY(files_.leaves.cut(size));
    KONTOR_TRY(files_.nodes.cut(nodes_of(size)));
    KONTOR_TRY(edge_, Edge::of(files_, size));
    if (size > 0) {
        KONTOR_TRY(read_to_, files_.last_position(size - 1));
    }
    size_.store(size);
    position_.store(read_to_);
    return {};
}

Result<WorkDone> ProofTree::do_work(WorkBudget budget) {
    ports::Limit const limit(std::clamp<std::size_t>(budget.items_max, 1, page_events_max));
    KONTOR_TRY(auto const followed, follow(limit));
    KONTOR_TRY(sign_when_due());
    if (followed > 0)
        return WorkDone{followed};
    KONTOR_TRY(bool const has_checked, check_on(limit));
    return WorkDone{followed + (has_checked ? 1 : 0)};
}

Result<std::size_t> ProofTree::follow(ports::Limit limit) {
    KONTOR_TRY(auto const page, store_.read_log(ports::Position(read_to_), limit));
    if (page.empty() && leaf_.empty())
        return std::size_t{0};
    std::uint64_t last = read_to_;
    for (auto const& event : page.events) {
        if (event.index_in_command == 0) {
            if (!leaf_.empty())
                KONTOR_TRY(add_leaf(last));
            begin_leaf(leaf_, page, event);
        }
        add_fact(leaf_, event);
        last = event.position.value();
    }
    read_to_ = last;
    if (!may_go_on(page, limit))
        KONTOR_TRY(add_leaf(last));
    if (!positions_.empty())
        KONTOR_TRY(write_down(positions_.back()));
    return page.events.size();
}

Result<void> ProofTree::add_leaf(std::uint64_t last_position) {
    edge_.add(leaf_hash(leaf_), made_);
    leaf_.clear();
    positions_.push_back(last_position);
    return {};
}

/// Nodes first: a leaf that has a position has its nodes.
Result<void> ProofTree::write_down(std::uint64_t last_position) {
    KONTOR_TRY(files_.nodes.add({made_.front().data(), made_.size() * sizeof(Hash)}));
    std::vector<std::uint8_t> bytes;
    bytes.reserve(positions_.size() * position_bytes);
    for (auto position : positions_)
        for (std::size_t i = 0; i < position_bytes; ++i, position >>= 8)
            bytes.push_back(static_cast<std::uint8_t>(position));
    KONTOR_TRY(files_.leaves.add(bytes));
    made_.clear();
    positions_.clear();
    size_.store(edge_.size());
    position_.store(last_position);
    return {};
}

Result<void> ProofTree::sign_when_due() {
    auto const now = clock_.monotonic();
    bool const has_grown = edge_.size() > (signed_ ? signed_->tree.size : 0);
    if (now - signed_at_ < sign_every || !has_grown || !leaf_.empty())
        return {};
    signed_at_ = now;
    KONTOR_TRY(files_.nodes.sync());
    KONTOR_TRY(files_.leaves.sync());
    auto const head = head_at({edge_.size(), edge_.root()}, position_.load());
    KONTOR_TRY(keep_.save(signer_.sign(head)));
    signed_ = head;
    return {};
}

/// True: it did something.
Result<bool> ProofTree::check_on(ports::Limit limit) {
    if (!check_ && wants_check_.exchange(false))
        check_ = std::make_unique<LogCheck>(store_, files_, size_.load(), signed_);
    if (!check_)
        return false;
    KONTOR_TRY(check_->step(limit));
    auto report = check_->report();
    if (report.is_done)
        check_.reset();
    if (report.is_done && !report.first_bad && has_refused_head_) {
        report.first_bad = 1;
        report.what = "the head that was kept is not signed by the key of this shop";
    }
    std::lock_guard const guard(mutex_);
    last_check_ = report;
    return true;
}

std::optional<CheckReport> ProofTree::last_check() const {
    std::lock_guard const guard(mutex_);
    auto report = last_check_;
    if (wants_check_.load())
        report = CheckReport{};
    return report;
}

Result<Head> ProofTree::head() const {
    auto const size = size_.load();
    KONTOR_TRY(auto const root, root_of(files_, size));
    std::uint64_t position = 0;
    if (size > 0) {
        KONTOR_TRY(position, files_.last_position(size - 1));
    }
    return head_at({size, root}, position);
}

Result<Inclusion> ProofTree::inclusion(std::uint64_t position) const {
    KONTOR_TRY(auto head, this->head());
    if (position == 0 || position > head.position)
        return unexpected(not_there("this position is not in the tree, or not yet"));
    KONTOR_TRY(auto const index, files_.leaf_at(position, head.tree.size));
    KONTOR_TRY(auto const kept, files_.node(number_of_node(0, index)));
    KONTOR_TRY(auto leaf, read_leaf(index));
    if (leaf_hash(leaf) != kept)
        return unexpected(Failure{FailureKind::corrupt, "the log is not what the tree was made of",
                                  "position " + std::to_string(position)});
    KONTOR_TRY(auto proof, inclusion_proof(files_, index, head.tree.size));
    return Inclusion{std::move(head), index, std::move(leaf), std::move(proof)};
}

Result<LeafBytes> ProofTree::read_leaf(std::uint64_t index) const {
    std::uint64_t at = 0;
    if (index > 0) {
        KONTOR_TRY(at, files_.last_position(index - 1));
    }
    KONTOR_TRY(auto const last, files_.last_position(index));
    LeafBytes leaf;
    while (at < last) {
        KONTOR_TRY(auto const page, store_.read_log(ports::Position(at), ports::Limit(last - at)));
        if (page.empty())
            return unexpected(Failure{FailureKind::corrupt, "the log ends before the tree does"});
        for (auto const& event : page.events) {
            if (leaf.empty())
                begin_leaf(leaf, page, event);
            if (event.position.value() <= last)
                add_fact(leaf, event);
            at = event.position.value();
        }
    }
    return leaf;
}

Result<Consistency> ProofTree::consistency(std::uint64_t from, std::uint64_t to) const {
    if (from == 0 || from > to || to > size_.load())
        return unexpected(not_there("the tree has no such sizes, or not yet"));
    KONTOR_TRY(auto const old_root, root_of(files_, from));
    KONTOR_TRY(auto const new_root, root_of(files_, to));
    KONTOR_TRY(auto proof, consistency_proof(files_, from, to));
    KONTOR_TRY(auto const position, files_.last_position(to - 1));
    return Consistency{{from, old_root}, head_at({to, new_root}, position), std::move(proof)};
}

} // namespace kontor::proofs
