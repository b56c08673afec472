#pragma once

/// What the desk must know of an aggregate or a process manager: how its state is folded, how its
/// stream is named, and how its facts become bytes. Services say it; the desk knows no shop.

#include "base/result.hpp"
#include "domain/values/context.hpp"
#include "domain/values/stream_id.hpp"
#include "ports/positions.hpp"

#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

namespace kontor::commands {

/// A fold with a place in the log. `Fold` has State, Event, initial, evolve and is_terminal: a
/// decider or a process.
template <class A>
concept Folded = requires(typename A::Key const& key, typename A::Fold::Event const& event,
                          typename A::Fold::State const& state, std::vector<std::uint8_t>& buffer,
                          ports::EventType type, std::span<std::uint8_t const> bytes) {
    requires std::equality_comparable<typename A::Key>;
    { A::stream(key) } -> std::same_as<StreamId>;
    { A::encode(event, buffer) } -> std::same_as<ports::EventType>;
    { A::decode(type, bytes) } -> std::same_as<Result<typename A::Fold::Event>>;
    { A::Fold::initial() } -> std::same_as<typename A::Fold::State>;
    { A::Fold::is_terminal(state) } -> std::same_as<bool>;
};

template <class A>
using StateOf = typename A::Fold::State;
template <class A>
using EventOf = typename A::Fold::Event;
template <class A>
using KeyOf = typename A::Key;

} // namespace kontor::commands
