#include "services/gateway/audit_note.hpp"

#include "services/gateway/replies.hpp"

#include "base/overloaded.hpp"

namespace kontor::services::gateway {
namespace {

std::string reason_of(Asked const& asked) {
    if (asked.request->method == Method::remove)
        return std::string(asked.request->header("kontor-reason"));
    if (asked.route->body == Shape::nothing || asked.route->body == Shape::table)
        return {};
    std::string reason;
    asked.body.each_member([&](std::string_view key, codec::JsonNode value) {
        if (key == "reason" && value.kind() == codec::JsonKind::text)
            reason = value.text();
        return true;
    });
    return reason;
}

Result<Reply, Trouble> carry_out(Parts&, Asked const& asked, Seen const&) {
    return asked.effect();
}

PlainWork plain(Work work) {
    return std::visit(overloaded{
                          [](Audited& audited) { return std::move(audited.work); },
                          [](auto& todo) { return PlainWork(std::move(todo)); },
                      },
                      work);
}

} // namespace

bool is_audited(Asked const& asked) {
    bool const is_of_operators =
        asked.route->audience == Audience::console || asked.route->needs.reason;
    return !is_safe(asked.request->method) && is_of_operators &&
           asked.actor().kind == ActorKind::operator_;
}

Served with_note(Parts& parts, Asked& asked, Served served) {
    auto* const write = served ? std::get_if<Write>(&*served) : nullptr;
    if (write == nullptr || !is_audited(asked))
        return served;
    if (asked.effect) // it is done again when it is asked for again, under an id of its own
        asked.command = CommandId::mint(asked.now, parts.random);
    audit::TakeNote note{std::string(asked.route->id), std::string(asked.request->path),
                         reason_of(asked), std::move(write->before), std::move(write->after)};
    write->work = Audited{plain(std::move(write->work)), std::move(note)};
    return served;
}

Served after_note(Asked& asked, Deed deed) {
    asked.effect = std::move(deed.effect);
    Write write;
    write.shows = Audits::stream();
    write.render = carry_out;
    write.before = std::move(deed.before);
    write.after = std::move(deed.after);
    return Answer(std::move(write));
}

} // namespace kontor::services::gateway
