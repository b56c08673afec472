#include "platform/reach/web_url.hpp"

#include <gtest/gtest.h>

namespace kontor::reach {
namespace {

Region region(char const* text) {
    auto const address = parse_net_address(text);
    EXPECT_TRUE(address) << text;
    return region_of(address.value_or(NetAddress{}));
}

struct Row {
    Region region;
    std::vector<char const*> addresses;
};

TEST(NetAddress, the_internet_is_open_and_nothing_else) {
    // First, middle and last of a block, and its neighbours, where they are open.
    std::vector<Row> const rows{
        {Region::open,
         {"1.0.0.0",
          "1.1.1.1",
          "9.255.255.255",
          "11.0.0.0",
          "100.63.255.255",
          "100.128.0.0",
          "126.255.255.255",
          "128.0.0.0",
          "168.63.129.15",
          "168.63.129.17",
          "169.253.255.255",
          "169.255.0.0",
          "172.15.255.255",
          "172.32.0.0",
          "191.255.255.255",
          "192.0.1.0",
          "192.0.3.0",
          "192.88.98.255",
          "192.88.100.0",
          "192.167.255.255",
          "192.169.0.0",
          "198.17.255.255",
          "198.20.0.0",
          "198.51.99.255",
          "203.0.112.255",
          "203.0.114.0",
          "223.255.255.255",
          "2001:200::",
          "2001:4860:4860::8888",
          "2001:db7:ffff::",
          "2001:db9::",
          "2003::",
          "2600::1",
          "3ffe:ffff::",
          "3fff:1000::"}},
        {Region::unspecified, {"0.0.0.0", "0.1.2.3", "0.255.255.255", "::"}},
        {Region::loopback, {"127.0.0.0", "127.0.0.1", "127.1.2.3", "127.255.255.255", "::1"}},
        {Region::private_,
         {"10.0.0.0", "10.1.2.3", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
          "192.168.255.255", "fc00::", "fd00:ec2::254", "fdff:ffff::1", "fec0::1"}},
        {Region::link_local,
         {"169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255", "fe80::1",
          "febf:ffff::1"}},
        {Region::shared, {"100.64.0.0", "100.100.100.200", "100.127.255.255"}},
        {Region::metadata, {"168.63.129.16"}},
        {Region::multicast, {"224.0.0.0", "239.255.255.255", "ff02::1", "ff0e::1"}},
        {Region::translated,
         {"::ffff:7f00:1", "::ffff:808:808", "::ffff:0:808:808", "::7f00:1", "::2",
          "64:ff9b::808:808", "64:ff9b::a00:1", "64:ff9b:1::1", "2001::1",
          "2001:0:1::", "2002:7f00:1::", "2002:0808:0808::1", "192.88.99.0", "192.88.99.255"}},
        {Region::reserved,
         {"192.0.0.0",    "192.0.0.192",   "192.0.2.1",       "198.18.0.0",      "198.19.255.255",
          "198.51.100.1", "203.0.113.255", "240.0.0.0",       "255.255.255.255", "2001:2::1",
          "2001:10::1",   "2001:20::1",    "2001:1ff:ffff::", "2001:db8::1",     "3fff::1",
          "100::1",       "4000::",        "5f00::1",         "1fff:ffff::",     "f000::"}}};
    for (auto const& row : rows)
        for (auto const* const each : row.addresses) {
            EXPECT_EQ(name_of(region(each)), name_of(row.region)) << each;
            auto const address = parse_net_address(each).value_or(NetAddress{});
            EXPECT_EQ(may_be_called(address, Reach::open_only), row.region == Region::open) << each;
            EXPECT_EQ(may_be_called(address, Reach::loopback_too),
                      row.region == Region::open || row.region == Region::loopback)
                << each;
        }
}

TEST(NetAddress, only_the_plain_spelling_is_an_address) {
    for (auto const* const text :
         {"127.1",          "0x7f.0.0.1",    "2130706433",        "127.0.0.01", "1.2.3.4.5",
          "256.1.1.1",      "fe80::1%lo",    "1.2.3.4 ",          "",           "::g",
          "[::1]",          "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",    ":1:2:3:4:5:6:7",
          "1:2:3:4:5:6:7:", "12345::",       "::ffff:127.0.0.1",  "+1.1.1.1",   "1.1.1.",
          ".1.1.1",         ":::",           "1:2:3:4::5:6:7:8"})
        EXPECT_FALSE(parse_net_address(text)) << text;
    EXPECT_FALSE(parse_net_address(std::string_view("1.2.3.4\0x", 9)));
    EXPECT_EQ(to_string(*parse_net_address("2001:DB8:0:0::1")), "2001:db8:0:0:0:0:0:1");
    EXPECT_EQ(to_string(*parse_net_address("8.8.8.8")), "8.8.8.8");
}

TEST(WebUrl, what_may_be_called_is_read) {
    auto const url = parse_url("https://Hooks.Example.org:8443/in?shop=1", Reach::open_only);
    ASSERT_TRUE(url);
    EXPECT_EQ(*url, (WebUrl{true, "hooks.example.org", 8443, {}}));
    EXPECT_EQ(parse_url("HTTPS://example.org", Reach::open_only)->port, 443);
    EXPECT_EQ(parse_url("https://8.8.8.8/", Reach::open_only)->address,
              parse_net_address("8.8.8.8"));
    EXPECT_EQ(parse_url("https://[2600::1]:444/x", Reach::open_only)->host, "2600::1");
    EXPECT_TRUE(parse_url("https://a-b.1and1.example?x=@", Reach::open_only));
}

TEST(WebUrl, what_leads_astray_is_refused) {
    for (auto const* const text : {"",
                                   "https://",
                                   "https:///path",
                                   "ftp://example.org/",
                                   "file:///etc/passwd",
                                   "gopher://example.org",
                                   "//example.org",
                                   "http://example.org/",
                                   "https://127.0.0.1/",
                                   "https://10.0.0.1/",
                                   "https://169.254.169.254/latest",
                                   "https://[::1]/",
                                   "https://[::ffff:808:808]/",
                                   "https://[fe80::1%25lo]/",
                                   "https://127.1/",
                                   "https://2130706433/",
                                   "https://0x7f000001/",
                                   "https://0x7f.0.0.1/",
                                   "https://017700000001/",
                                   "https://example.org.1/",
                                   "https://user@example.org/",
                                   "https://user:word@example.org/",
                                   "https://example.org\\@evil.example/",
                                   "https://example.org/a b",
                                   "https://example.org/\n",
                                   "https://example.org/#part",
                                   "https://example.org:0/",
                                   "https://example.org:65536/",
                                   "https://example.org:/",
                                   "https://example.org:4 4/",
                                   "https://example.org:+443/",
                                   "https://localhost/",
                                   "https://db/",
                                   "https://a.localhost/",
                                   "https://printer.local/",
                                   "https://metadata.google.internal/",
                                   "https://-a.example/",
                                   "https://a..example/",
                                   "https://example.org./",
                                   "https://ex_ample.org/",
                                   "https://ex%41mple.org/",
                                   "https://[8.8.8.8]/",
                                   "https://[::1",
                                   "https://2600::1/",
                                   "https://\xc3\xa4.example/"})
        EXPECT_FALSE(parse_url(text, Reach::open_only)) << text;
    EXPECT_FALSE(
        parse_url("https://example.org/" + std::string(url_bytes_max, 'a'), Reach::open_only));
    EXPECT_FALSE(parse_url("https://" + std::string(64, 'a') + ".example/", Reach::open_only));
}

TEST(WebUrl, this_machine_is_called_where_that_is_wanted_and_no_other_house) {
    for (auto const* const text : {"http://127.0.0.1:9000/in", "http://localhost/", "http://[::1]/",
                                   "https://localhost:1/", "https://127.0.0.1/"}) {
        EXPECT_TRUE(parse_url(text, Reach::loopback_too)) << text;
        EXPECT_FALSE(parse_url(text, Reach::open_only)) << text;
    }
    for (auto const* const text :
         {"http://10.0.0.1/", "http://example.org/", "https://10.0.0.1/", "https://db/",
          "http://a.localhost/", "http://0.0.0.0/", "http://[::ffff:7f00:1]/"})
        EXPECT_FALSE(parse_url(text, Reach::loopback_too)) << text;
    EXPECT_EQ(parse_url("http://localhost/", Reach::loopback_too)->port, 80);
}

} // namespace
} // namespace kontor::reach
