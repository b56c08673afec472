#pragma once

/// Course: a walk through the log that sends what comes of its facts: the letters that are ready,
/// and how far it has come. What is sent and how far that brings it go into one commit; where a
/// fact brings more letters than a commit takes, they go out in the sequence of their ways, so who
/// goes on in another life, under other rules, knows which ones still wait.
///
/// Invariants: 1. `kept` runs ahead of no letter that waits.
///             2. Of a fact that was begun before, letters up to the way at which it stopped are
///                not sent again.
/// Thread: one.

#include "platform/messaging/router/letter.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace kontor::router {

/// What has been done of a walk.
struct Done {
    ports::Position through{};
    std::string after{}; ///< the way of the last letter of the fact right behind it; empty: none
};

class Course {
public:
    /// Has letters and what is done then go into one commit; false: not now, and nothing has.
    using Keep = std::function<bool(Done const&, std::span<Letter>)>;

    Course(Done begun, std::uint64_t letters_of_commit)
        : begun_(std::move(begun)), kept_(begun_), position_(begun_.through),
          letters_of_commit_(letters_of_commit) {}

    /// All facts up to here were sorted.
    ports::Position position() const { return position_; }
    /// All facts up to here have had what they ask for.
    ports::Position through() const { return letters_.empty() ? position_ : kept_.through; }
    /// What the log says of it, or will.
    Done const& kept() const { return kept_; }

    /// A fact was sorted, and brought these.   Requires: it is the next one that is looked at.
    void pass(ports::Position fact, std::vector<Letter> letters);
    bool has_letters() const { return !letters_.empty(); }
    /// So many that they are sent before more comes.
    bool is_enough() const;
    /// Sends what is ready, in as many commits as it takes. False: some of it waits.
    bool send(Keep const& keep);
    /// Has the position kept without letters.   Requires: there are none.
    bool keep_position(Keep const& keep);

private:
    std::size_t end_of_commit(std::size_t from) const;
    Done done_before(std::size_t letter) const;

    Done begun_;
    Done kept_;
    ports::Position position_;
    std::uint64_t letters_of_commit_;
    std::vector<Letter> letters_{};
    std::size_t bytes_{0};
};

} // namespace kontor::router
