#include "services/gateway/codes.hpp"

#include "services/gateway/answers.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/replies.hpp"

namespace kontor::services::gateway {
namespace {

Result<Reply, Trouble> show_coupon_at(Parts& parts, Asked const& asked, CouponCode const& code,
                                      ports::StreamVersion last, std::uint16_t status) {
    KONTOR_TRY(auto const found, or_trouble(parts.catalogue.coupon_state(code, last)));
    auto const* const valid = std::get_if<coupon::Valid>(&found.state);
    if (valid == nullptr)
        return unexpected(trouble("unknown_code"));
    auto const& terms = valid->terms;
    auto const uses = terms.uses.value();
    CouponAnswer const answer{code,
                              found.version.value(),
                              terms.bp,
                              terms.amount,
                              terms.from,
                              terms.until,
                              terms.minimum,
                              uses,
                              uses - static_cast<std::int64_t>(valid->used_by.size())};
    auto reply = versioned_reply(asked, status, answer);
    if (status == 201)
        reply.headers.add("Location", "/v1/coupons/" + std::string(code.view()));
    return reply;
}

Result<Reply, Trouble> render_coupon(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const code, or_trouble(CouponCode::parse(seen.stream.key())));
    return show_coupon_at(parts, asked, code, seen.version, seen.status);
}

} // namespace

namespace code {

Served show_coupon(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const code, path_value<CouponCode>(asked, 0, "unknown_code"));
    KONTOR_TRY(auto reply, show_coupon_at(parts, asked, code, newest, 200));
    return Answer(std::move(reply));
}

Served issue_coupon(Parts&, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<IssueCoupon>(asked));
    std::optional<Trouble> prevented;
    if (body.until <= asked.now) // what was issued in its time is answered for ever
        prevented = bad_field("/until", "it has passed: a time to come is wanted");
    coupon::Issue issue{.code = body.code,
                        .from = body.from,
                        .until = body.until,
                        .uses = body.uses,
                        .bp = body.bp,
                        .amount = body.amount,
                        .minimum = body.minimum};
    auto write = write_to<Coupons>(body.code, std::move(issue), 201, render_coupon);
    write.prevented = std::move(prevented);
    return Answer(std::move(write));
}

} // namespace code
} // namespace kontor::services::gateway
