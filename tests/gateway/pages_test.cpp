#include "tests/gateway/shop_door.hpp"

#include "services/gateway/open_api.hpp"
#include "services/gateway/route.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Pages for people.
class PagesSpec : public ::testing::Test {
protected:
    Got page(std::string path, Listener listener = Listener::console) {
        return shop.ask({.path = std::move(path), .listener = listener});
    }

    ShopDoor shop;
};

/// Each address of ours that a page names.
std::vector<std::string> addresses_in(std::string const& text) {
    std::vector<std::string> found;
    for (std::string const lead : {"href=\"/", "src=\"/", "fetch('/"})
        for (auto at = text.find(lead); at != std::string::npos; at = text.find(lead, at + 1)) {
            auto const begin = at + lead.size() - 1;
            found.push_back(text.substr(begin, text.find_first_of("\"'#", begin) - begin));
        }
    return found;
}

TEST_F(PagesSpec, the_first_page_says_what_this_is_and_shows_the_way_in_where_there_is_one) {
    auto const front = page("/", Listener::shop);
    EXPECT_EQ(front.status, 200) << front.body;
    EXPECT_EQ(front.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(front.body.find("<h1>Kontor</h1>"), std::string::npos);
    EXPECT_NE(front.body.find(R"(data-door="shop")"), std::string::npos);
    EXPECT_EQ(front.body.find("<form"), std::string::npos) << "customers have no console";
    auto const console = page("/");
    EXPECT_NE(console.body.find(R"(data-door="console")"), std::string::npos);
    EXPECT_NE(console.body.find("<form id=\"sign-in\""), std::string::npos);
    for (auto const& each : {front, console})
        for (auto const* const place : {"{door}", "{version}", "{places}", "{console}"})
            EXPECT_EQ(each.body.find(place), std::string::npos) << place;
}

TEST_F(PagesSpec, every_address_on_a_page_is_one_and_comes_from_here) {
    for (auto const listener : {Listener::shop, Listener::console})
        for (auto const* const path : {"/", "/docs", "/docs/home.js", "/docs/docs.js"}) {
            auto const text = page(path, listener).body;
            ASSERT_FALSE(text.empty()) << path;
            EXPECT_EQ(text.find("http://"), std::string::npos) << path;
            EXPECT_EQ(text.find("https://"), std::string::npos) << path;
            EXPECT_EQ(text.find("innerHTML"), std::string::npos) << path;
            for (auto const& address : addresses_in(text)) {
                bool const is_there =
                    address == "/metrics" || address == "/problems/" ||
                    match_route(Method::get, address, listener).route != nullptr ||
                    match_route(Method::post, address, listener).route != nullptr;
                EXPECT_TRUE(is_there) << path << " names " << address;
            }
        }
    EXPECT_EQ(page("/docs/page.css").header("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(page("/docs/docs.js").header("Content-Type"), "text/javascript; charset=utf-8");
}

} // namespace
} // namespace kontor::services::gateway
