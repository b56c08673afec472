#include "platform/proofs/check.hpp"

#include <algorithm>

namespace kontor::proofs {

Result<Hash> TreeFiles::node(std::uint64_t number) const {
    Hash hash{};
    KONTOR_TRY(nodes.read(number, hash));
    return hash;
}

Result<std::uint64_t> TreeFiles::last_position(std::uint64_t leaf) const {
    std::array<std::uint8_t, position_bytes> bytes{};
    KONTOR_TRY(leaves.read(leaf, bytes));
    std::uint64_t position = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        position = position << 8 | bytes[i];
    return position;
}

Result<std::uint64_t> TreeFiles::leaf_at(std::uint64_t position, std::uint64_t size) const {
    std::uint64_t first = 0;
    for (auto last = size; first < last;) {
        auto const middle = first + (last - first) / 2;
        KONTOR_TRY(auto const ends_at, last_position(middle));
        if (ends_at < position)
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

std::uint64_t TreeFiles::whole_leaves() const {
    auto size = leaves.count();
    while (nodes_of(size) > nodes.count())
        size = std::min(size - 1, nodes.count());
    return size;
}

bool may_go_on(ports::EventPage const& page, ports::Limit limit) {
    return page.commits.size() == 1 && page.events.size() >= limit.value();
}

LogCheck::LogCheck(ports::EventStore& store, TreeFiles const& files, std::uint64_t size,
                   std::optional<Head> signed_head)
    : store_(store), files_(files), size_(size), signed_(std::move(signed_head)) {
    if (size > 0)
        return;
    report_.is_done = true;
    if (signed_ && signed_->tree.size > 0)
        find(1, "the log ends before the head that was signed");
}

void LogCheck::find(std::uint64_t position, std::string what) {
    report_.first_bad = position;
    report_.what = std::move(what);
    report_.is_done = true;
}

Result<void> LogCheck::step(ports::Limit limit) {
    if (report_.is_done)
        return {};
    auto const page = store_.read_log(ports::Position(report_.position), limit);
    if (!page && page.error().kind == FailureKind::corrupt) {
        find(report_.position + 1, page.error().what);
        return {};
    }
    if (!page)
        return unexpected(page.error());
    auto compared = compare(*page);
    if (compared && !report_.is_done && !leaf_.empty() && !may_go_on(*page, limit))
        compared = compare_leaf();
    if (!compared && compared.error().kind == FailureKind::corrupt) {
        find(first_of_leaf_, "the tree cannot be read: " + compared.error().what);
        return {};
    }
    if (compared && !report_.is_done && page->empty())
        find(report_.position + 1, "the log ends before the tree does");
    return compared;
}

Result<void> LogCheck::compare(ports::EventPage const& page) {
    for (auto const& event : page.events) {
        if (event.index_in_command == 0) {
            if (!leaf_.empty())
                KONTOR_TRY(compare_leaf());
            if (report_.is_done)
                return {};
            first_of_leaf_ = event.position.value();
            begin_leaf(leaf_, page, event);
        }
        add_fact(leaf_, event);
        report_.position = event.position.value();
    }
    return {};
}

Result<void> LogCheck::compare_leaf() {
    auto const index = edge_.size();
    auto const hash = leaf_hash(leaf_);
    leaf_.clear();
    made_.clear();
    edge_.add(hash, made_);
    KONTOR_TRY(auto const last, files_.last_position(index));
    for (std::size_t i = 0; i < made_.size() && !report_.is_done; ++i) {
        KONTOR_TRY(auto const kept, files_.node(nodes_of(index) + i));
        if (kept != made_[i] || (i == 0 && last != report_.position))
            find(first_of_leaf_, "what stands there is not what the tree was made of");
    }
    ++report_.leaves;
    bool const was_signed = signed_ && edge_.size() == signed_->tree.size;
    if (!report_.is_done && was_signed && edge_.root() != signed_->tree.root)
        find(first_of_leaf_, "the log up to here is not the one whose head was signed");
    if (report_.is_done || edge_.size() < size_)
        return {};
    report_.is_done = true;
    if (signed_ && signed_->tree.size > size_)
        find(report_.position + 1, "the log ends before the head that was signed");
    return {};
}

} // namespace kontor::proofs
