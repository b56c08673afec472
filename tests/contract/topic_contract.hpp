#pragma once

/// What every topic must do, as a function of a factory: each adapter runs the same sentences.
/// Source: MESSAGING section 5, RELIABILITY section 3 (I12).

#include "ports/topic.hpp"
#include "tests/contract/messaging_words.hpp"

#include <memory>

namespace kontor::contract {

class TopicUnderTest : public MessagingWorld {
public:
    virtual ports::Topic& topic() = 0;
    virtual ports::Topics& topics() = 0;
    virtual ports::Subscriptions& subscriptions() = 0;
};

using MakeTopic = std::function<std::unique_ptr<TopicUnderTest>()>;

/// Registers the suite `TopicContract/<name>`.
bool topic_contract(std::string const& name, MakeTopic make);

} // namespace kontor::contract
