#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct PaymentFlags {
    std::string payment;
    std::int64_t amount{0}; ///< 0: all that is held and will be due
    std::string currency{"GBP"};
    WriteFlags write;
};

Outcome move(Program& program, PaymentFlags const& flags, std::string_view verb) {
    boost::json::object body;
    if (flags.amount > 0)
        body["amount"] = {{"amount", flags.amount}, {"currency", flags.currency}};
    return write(
        program,
        {"POST", fmt::format("/v1/payments/{}/{}", encoded(flags.payment), verb), std::move(body)},
        flags.write);
}

Outcome capture(Program& program, PaymentFlags const& flags) {
    return move(program, flags, "capture");
}
Outcome let_go(Program& program, PaymentFlags const& flags) {
    return move(program, flags, "void");
}
Outcome try_again(Program& program, PaymentFlags const& flags) {
    return move(program, flags, "retry");
}

CLI::App& add_move(CLI::App& noun, std::optional<Command>& chosen, Wording const& wording,
                   Outcome (*command)(Program&, PaymentFlags const&),
                   std::shared_ptr<PaymentFlags> const& flags) {
    auto& added = add_command(noun, chosen, wording, command, flags);
    added.add_option("payment", flags->payment, "as the list gives it")->required();
    added.add_option("--reason", flags->write.reason, "why, in 3 to 500 characters")->required();
    added.add_option("--key", flags->write.key,
                     "the idempotency key: the same one again changes nothing (default: fresh)");
    return added;
}

} // namespace

void add_payment_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "payment", "Shows what was paid");
    auto const now = std::make_shared<PaymentFlags>();
    auto& captured =
        add_move(noun, chosen,
                 {"capture", "Captures what is held before it is due, all of it or an amount",
                  "  kontor payment capture pay_01… --reason 'the buyer collects it'\n"
                  "  kontor payment capture pay_01… --amount 500 --reason 'a first part'"},
                 capture, now);
    captured.add_option("--amount", now->amount, "in the smallest unit: 899 is 8.99")
        ->check(minor_units());
    captured.add_option("--currency", now->currency, "of the amount (GBP)");
    add_move(noun, chosen,
             {"void", "Lets go of what is held; what is shipped later is authorised anew",
              "  kontor payment void pay_01… --reason 'the card was stolen'"},
             let_go, std::make_shared<PaymentFlags>());
    add_move(noun, chosen,
             {"retry", "Makes the call now that waits to be made again",
              "  kontor payment retry pay_01… --reason 'the provider is back'"},
             try_again, std::make_shared<PaymentFlags>());
}

} // namespace kontor::programs
