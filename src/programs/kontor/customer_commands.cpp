#include "programs/kontor/remote_write.hpp"

#include <memory>

namespace kontor::programs {
namespace {

struct CustomerFlags {
    std::string which;
    bool is_sure{false};
    WriteFlags write;
};

Outcome export_customer(Program& program, CustomerFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    return show_remote(program, remote, "/v1/customers/" + encoded(flags.which) + "/export");
}

Outcome erase_customer(Program& program, CustomerFlags const& flags) {
    if (!flags.is_sure)
        return unexpected(Failure{FailureKind::invalid,
                                  "nobody can make this person readable again; say --yes to do it",
                                  flags.which});
    return write(program,
                 {"POST", "/v1/customers/" + encoded(flags.which) + "/erase",
                  boost::json::object{{"confirm", flags.which}}},
                 flags.write);
}

} // namespace

void add_customer_commands(CLI::App& customers, std::optional<Command>& chosen) {
    auto const exported = std::make_shared<CustomerFlags>();
    add_command(customers, chosen,
                {"export", "Shows all that we hold of a customer",
                 "  kontor customer export cus_01… --json > ada.json"},
                export_customer, exported)
        .add_option("customer", exported->which, "the id")
        ->required();

    auto const erased = std::make_shared<CustomerFlags>();
    auto& erase =
        add_command(customers, chosen,
                    {"erase", "Forgets a person: destroys the key of what is personal, for good",
                     "  kontor customer erase cus_01… --reason 'asked to be forgotten' --yes"},
                    erase_customer, erased);
    erase.add_option("customer", erased->which, "the id")->required();
    erase.add_option("--reason", erased->write.reason, "who asked for it, and when")->required();
    erase.add_flag("--yes", erased->is_sure, "it cannot be taken back");
    add_write_flags(erase, erased->write);
}

} // namespace kontor::programs
