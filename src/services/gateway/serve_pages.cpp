#include "services/gateway/codes.hpp"

#include "services/gateway/replies.hpp"

namespace kontor::services::gateway {
namespace {

constexpr std::string_view home_page =
#include "services/gateway/pages/home.html.inc"
    ;
constexpr std::string_view console_places =
#include "services/gateway/pages/console_places.html.inc"
    ;
constexpr std::string_view console_part =
#include "services/gateway/pages/console.html.inc"
    ;
constexpr std::string_view shop_part =
#include "services/gateway/pages/shop.html.inc"
    ;
constexpr std::string_view home_script_text =
#include "services/gateway/pages/home.js.inc"
    ;
constexpr std::string_view docs_page =
#include "services/gateway/pages/docs.html.inc"
    ;
constexpr std::string_view docs_script_text =
#include "services/gateway/pages/docs.js.inc"
    ;
constexpr std::string_view style_text =
#include "services/gateway/pages/page.css.inc"
    ;

std::string replaced(std::string text, std::string_view name, std::string_view value) {
    auto const at = text.find(name);
    KONTOR_ASSERT(at != std::string::npos, "the page has no place for {}", name);
    return text.replace(at, name.size(), value);
}

/// Packed into the program: it is asked again whether it changed, for the next release may have.
Reply page_reply(std::string_view type, std::string_view text) {
    Reply reply;
    reply.headers.add("Content-Type", type);
    reply.headers.add("Cache-Control", "no-cache");
    reply.lasting_body = text;
    reply.is_page = true;
    return reply;
}

} // namespace

namespace code {

Served home(Parts& parts, Asked& asked) {
    bool const is_console = asked.request->listener == Listener::console;
    auto text = replaced(std::string(home_page), "{door}", is_console ? "console" : "shop");
    text = replaced(std::move(text), "{version}", parts.version);
    text = replaced(std::move(text), "{places}", is_console ? console_places : "");
    auto reply = page_reply("text/html; charset=utf-8", {});
    reply.body = replaced(std::move(text), "{console}", is_console ? console_part : shop_part);
    return Answer(std::move(reply));
}

Served home_script(Parts&, Asked&) {
    return Answer(page_reply("text/javascript; charset=utf-8", home_script_text));
}

Served docs(Parts&, Asked&) {
    return Answer(page_reply("text/html; charset=utf-8", docs_page));
}

Served docs_script(Parts&, Asked&) {
    return Answer(page_reply("text/javascript; charset=utf-8", docs_script_text));
}

Served page_style(Parts&, Asked&) {
    return Answer(page_reply("text/css; charset=utf-8", style_text));
}

} // namespace code
} // namespace kontor::services::gateway
