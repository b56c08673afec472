#include "platform/proofs/tree.hpp"

#include <algorithm>
#include <utility>

namespace kontor::proofs {
namespace {

Failure not_there(std::string what) {
    return {FailureKind::not_found, std::move(what)};
}

Failure not_as_made(std::uint64_t position) {
    return {FailureKind::corrupt,
            "the log, or a file of the tree, is not what its head was made of",
            "position " + std::to_string(position)};
}

constexpr std::string_view forged =
    "the log is not the one whose head was signed: that head stays, and nothing is signed any more";

} // namespace

ProofTree::ProofTree(ports::EventStore& store, Clock& clock, TreeFiles files, Signer signer,
                     Keep keep)
    : store_(store), clock_(clock), files_(files), signer_(std::move(signer)),
      keep_(std::move(keep)), signed_at_(clock.monotonic()) {}

Result<void> ProofTree::recover() {
    auto const kept = keep_.load();
    auto const head = open_checkpoint(kept, signer_.verifier_key());
    has_refused_head_ = !head && !kept.empty();
    if (head)
        signed_ = *head;
    auto size = head && head->tree.size <= files_.whole_leaves() ? head->tree.size : 0;
    KONTOR_TRY(edge_, Edge::of(files_, size));
    if (size > 0) {
        KONTOR_TRY(read_to_, files_.last_position(size - 1));
    }
    if (size > 0 && head_at({size, edge_.root()}, read_to_) != *head) {
        size = 0; // made anew, it comes to that head, or the log is another
        edge_ = Edge();
        read_to_ = 0;
    }
    KONTOR_TRY(files_.leaves.cut(size));
    KONTOR_TRY(files_.nodes.cut(nodes_of(size)));
    publish(read_to_);
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
    if (signed_ && edge_.size() == signed_->tree.size && edge_.root() != signed_->tree.root)
        refuse_log(last_position);
    return {};
}

/// The kept head stays as the witness.
void ProofTree::refuse_log(std::uint64_t position) {
    CheckReport const report{edge_.size(), position, position, std::string(forged), true};
    {
        std::lock_guard const guard(mutex_);
        is_forged_ = true;
        last_check_ = report;
    }
    if (keep_.on_forged)
        keep_.on_forged({FailureKind::corrupt, report.what,
                         "position " + std::to_string(position) + " or before"});
}

void ProofTree::publish(std::uint64_t position) {
    auto now = head_at({edge_.size(), edge_.root()}, position);
    std::lock_guard const guard(mutex_);
    is_behind_ = signed_ && now.tree.size < signed_->tree.size;
    now_ = std::move(now);
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
    publish(last_position);
    return {};
}

Result<void> ProofTree::sign_when_due() {
    auto const now = clock_.monotonic();
    bool const has_grown = edge_.size() > (signed_ ? signed_->tree.size : 0);
    if (now - signed_at_ < sign_every || !has_grown || is_forged_ || !leaf_.empty())
        return {};
    signed_at_ = now;
    KONTOR_TRY(files_.nodes.sync());
    KONTOR_TRY(files_.leaves.sync());
    KONTOR_TRY(keep_.save(signer_.sign(now_)));
    signed_ = now_;
    return {};
}

/// True: it did something.
Result<bool> ProofTree::check_on(ports::Limit limit) {
    if (!check_) {
        std::lock_guard const guard(mutex_);
        if (!std::exchange(wants_check_, false))
            return false;
        check_begun_ = wanted_check_;
        check_begun_.leaves_all = now_.tree.size;
        last_check_ = check_begun_;
        check_ = std::make_unique<LogCheck>(store_, files_, now_.tree.size, signed_);
    }
    KONTOR_TRY(check_->step(limit));
    auto report = check_->report();
    report.leaves_all = check_begun_.leaves_all;
    report.began_at = check_begun_.began_at;
    report.asked_by = check_begun_.asked_by;
    if (report.is_done) {
        report.ended_at = clock_.now();
        check_.reset();
    }
    if (report.is_done && !report.first_bad && (is_forged_ || has_refused_head_)) {
        report.first_bad = 1;
        report.what = is_forged_ ? std::string(forged)
                                 : "the head that was kept is not signed by the key of this shop";
    }
    std::lock_guard const guard(mutex_);
    last_check_ = std::move(report);
    return true;
}

void ProofTree::start_check(std::string asked_by) {
    std::lock_guard const guard(mutex_);
    if (std::exchange(wants_check_, true))
        return;
    wanted_check_ = {};
    wanted_check_.began_at = clock_.now();
    wanted_check_.asked_by = std::move(asked_by);
}

std::optional<CheckReport> ProofTree::last_check() const {
    std::lock_guard const guard(mutex_);
    return wants_check_ ? wanted_check_ : last_check_;
}

ports::Position ProofTree::position() const {
    std::lock_guard const guard(mutex_);
    return is_forged_ || is_behind_ ? ports::Position() : ports::Position(now_.position);
}

Result<Head> ProofTree::head() const {
    std::lock_guard const guard(mutex_);
    if (is_forged_)
        return unexpected(Failure{FailureKind::corrupt, std::string(forged)});
    if (is_behind_)
        return unexpected(Failure{FailureKind::unavailable,
                                  "the tree is made anew, and not yet where it was signed"});
    return now_;
}

Result<Inclusion> ProofTree::inclusion(std::uint64_t position) const {
    KONTOR_TRY(auto head, this->head());
    if (position == 0 || position > head.position)
        return unexpected(not_there("this position is not in the tree, or not yet"));
    KONTOR_TRY(auto const index, files_.leaf_at(position, head.tree.size));
    if (index == head.tree.size)
        return unexpected(not_as_made(position));
    KONTOR_TRY(auto leaf, prove(index, head));
    if (position <= leaf.after || position > leaf.last)
        return unexpected(not_as_made(position));
    return Inclusion{std::move(head), index, std::move(leaf.bytes), std::move(leaf.proof)};
}

/// Errors: corrupt (also: it does not lead to the head), unavailable.
Result<ProofTree::ProvedLeaf> ProofTree::prove(std::uint64_t index, Head const& head) const {
    ProvedLeaf leaf{};
    if (index > 0) {
        KONTOR_TRY(leaf.after, files_.last_position(index - 1));
    }
    KONTOR_TRY(leaf.last, files_.last_position(index));
    if (leaf.after >= leaf.last || leaf.last > head.position)
        return unexpected(not_as_made(leaf.last));
    KONTOR_TRY(leaf.bytes, read_leaf(leaf.after, leaf.last));
    KONTOR_TRY(leaf.proof, inclusion_proof(files_, index, head.tree.size));
    if (!proves_inclusion(leaf.proof, leaf_hash(leaf.bytes), index, head.tree))
        return unexpected(not_as_made(leaf.last));
    return leaf;
}

Result<LeafBytes> ProofTree::read_leaf(std::uint64_t after, std::uint64_t last) const {
    LeafBytes leaf;
    for (auto at = after; at < last;) {
        ports::Limit const limit(std::min<std::uint64_t>(last - at, page_events_max));
        KONTOR_TRY(auto const page, store_.read_log(ports::Position(at), limit));
        if (page.empty())
            return unexpected(Failure{FailureKind::corrupt, "the log ends before the tree does"});
        for (auto const& event : page.events) {
            at = event.position.value();
            if (at > last)
                break;
            if ((event.index_in_command == 0) != leaf.empty())
                return unexpected(not_as_made(at));
            if (leaf.empty())
                begin_leaf(leaf, page, event);
            add_fact(leaf, event);
        }
    }
    return leaf;
}

Result<Consistency> ProofTree::consistency(std::uint64_t from, std::uint64_t to) const {
    KONTOR_TRY(auto const now, head());
    if (from == 0 || from > to || to > now.tree.size)
        return unexpected(not_there("the tree has no such sizes, or not yet"));
    KONTOR_TRY(auto later, earlier_head(to, now));
    KONTOR_TRY(auto const old_root, root_of(files_, from));
    KONTOR_TRY(auto proof, consistency_proof(files_, from, to));
    if (!proves_consistency(proof, {from, old_root}, later.tree))
        return unexpected(not_as_made(later.position));
    return Consistency{{from, old_root}, std::move(later), std::move(proof)};
}

/// The head of the first leaves, as that of now proves it.   Errors: corrupt, unavailable.
Result<Head> ProofTree::earlier_head(std::uint64_t size, Head const& now) const {
    if (size == now.tree.size)
        return now;
    KONTOR_TRY(auto const root, root_of(files_, size));
    KONTOR_TRY(auto const proof, consistency_proof(files_, size, now.tree.size));
    KONTOR_TRY(auto const leaf, prove(size - 1, now));
    if (!proves_consistency(proof, {size, root}, now.tree))
        return unexpected(not_as_made(leaf.last));
    return head_at({size, root}, leaf.last);
}

} // namespace kontor::proofs
