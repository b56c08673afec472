#pragma once

/// What every Mailer must do, as a function of a factory: each adapter runs the same sentences.
///
///   bool const registered = mailer_contract("outbox", [] { return … });

#include "ports/mailer.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kontor::contract {

/// A letter as it arrived, in whatever form the adapter gives it.
struct Arrived {
    std::string id;        ///< the same for the same letter, and for no other
    std::string recipient; ///< who gets it, whatever is written in it
    std::vector<std::string> other_recipients{};
    std::string subject;
    std::string text;
};

/// A mailer under test with all it needs to live. It refuses what goes to @refused.invalid, and
/// puts off what goes to @later.invalid.
class MailerUnderTest {
public:
    virtual ~MailerUnderTest() = default;
    virtual ports::Mailer& mailer() = 0;
    /// The letters that came, in their sequence; one that came again may stand there once.
    virtual std::vector<Arrived> arrived() = 0;
};

using MakeMailer = std::function<std::unique_ptr<MailerUnderTest>()>;

/// Registers the suite `MailerContract/<name>`.
bool mailer_contract(std::string const& name, MakeMailer make);

} // namespace kontor::contract
