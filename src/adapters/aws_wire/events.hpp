#pragma once

/// Events: the operations of EventBridge, each read from its parameters, asked of the bus, and
/// answered. It decides nothing: what a pattern, a rule or a target may be the bus says.
/// Thread: one; a call may wait for the disk, so not the edge's.
/// Source: MESSAGING sections 4 and 7; Amazon EventBridge API Reference (2015-10-07).

#include "adapters/aws_wire/call.hpp"
#include "adapters/aws_wire/messaging_texts.hpp"
#include "ports/arn.hpp"
#include "ports/event_archive.hpp"

#include <span>

namespace kontor::aws_wire {

/// What is asked. All outlive whoever asks.
struct BusDoors {
    ports::EventBus& bus;
    ports::EventBuses& buses;
    ports::EventRules& rules;
    ports::EventTargets& targets;
    ports::EventArchives& archives;
    ports::EventReplays& replays;
    ports::ResourceTags& tags;
};

class Events {
public:
    Events(BusDoors doors, ports::CloudPlace place) : doors_(doors), place_(std::move(place)) {}

    static bool is_operation(std::string_view name);

    /// Nothing: the operation has no answer but that it was done.
    /// Errors: those of the operation's page in the API reference, UnknownOperationException,
    ///         AccessDeniedException.
    Wired<Value> answer(Call const& call);

private:
    struct Operation;
    struct NamedRule {
        std::string bus{};
        std::string name{};
    };
    static std::span<Operation const> operations();

    Wired<Value> put_events(Call const& call);
    Wired<Value> test_pattern(Call const& call);

    Wired<Value> create_bus(Call const& call);
    Wired<Value> describe_bus(Call const& call);
    Wired<Value> update_bus(Call const& call);
    Wired<Value> delete_bus(Call const& call);
    Wired<Value> list_buses(Call const& call);

    Wired<Value> put_rule(Call const& call);
    Wired<Value> describe_rule(Call const& call);
    Wired<Value> delete_rule(Call const& call);
    Wired<Value> enable_rule(Call const& call);
    Wired<Value> disable_rule(Call const& call);
    Wired<Value> list_rules(Call const& call);
    Wired<Value> list_rule_names(Call const& call);

    Wired<Value> put_targets(Call const& call);
    Wired<Value> remove_targets(Call const& call);
    Wired<Value> list_targets(Call const& call);

    Wired<Value> create_archive(Call const& call);
    Wired<Value> describe_archive(Call const& call);
    Wired<Value> update_archive(Call const& call);
    Wired<Value> delete_archive(Call const& call);
    Wired<Value> list_archives(Call const& call);

    Wired<Value> start_replay(Call const& call);
    Wired<Value> describe_replay(Call const& call);
    Wired<Value> cancel_replay(Call const& call);
    Wired<Value> list_replays(Call const& call);

    Wired<Value> tag(Call const& call);
    Wired<Value> untag(Call const& call);
    Wired<Value> list_tags(Call const& call);

    Wired<Value> set_rule_state(Call const& call, ports::RuleState state);
    /// arn:aws:events:us-east-1:000000000000:archive/past. A name that is an ARN stays as it is.
    std::string arn_of(std::string_view kind, std::string_view name) const;
    /// Errors: AccessDeniedException.
    Wired<void> permit(Call const& call, std::string_view kind, std::string_view name) const;
    /// The bus that `EventBusName` names, or the default one.   Errors: SerializationException.
    Wired<std::string> bus_of(Params const& params) const;
    /// The rule under that name, on its bus, which the caller must be allowed to use so.
    /// Errors: as needed_text, AccessDeniedException.
    Wired<NamedRule> rule_of(Call const& call, std::string_view member) const;

    BusDoors doors_;
    ports::CloudPlace place_;
};

} // namespace kontor::aws_wire
