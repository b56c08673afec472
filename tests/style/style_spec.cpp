/// Each rule is shown what it must refuse and what it must accept; a rule without both is red.

#include "tests/style/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::style {
namespace {

using Texts = std::map<std::string, std::string>;

struct Case {
    std::string_view rule;
    std::string_view what;
    bool refused;
    Texts texts;
};

std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

Texts one(std::string path, std::string text) {
    return {{std::move(path), std::move(text)}};
}

std::string const table = "# a comment : with : colons\n"
                          "base           :                    : fmt boost/describe\n"
                          "domain/values  : base               : xxhash.h\n"
                          "domain/order   : base domain/values :\n"
                          "platform       : base               :\n"
                          "adapters/memory : base              :\n";

Texts layered(std::string path, std::string text) {
    return {{"src/layers.txt", table}, {std::move(path), std::move(text)}};
}

Texts listed(std::string path, std::string list) {
    return {{std::move(path), ""}, {"src/base/CMakeLists.txt", std::move(list)}};
}

std::string const ladder = "void f() {\n if (a) { for (;;) { while (b) { if (c) {\n";

std::vector<Case> layer_cases() {
    return {
        {"layers", "the room above", true,
         layered("src/base/a.hpp", "#include \"platform/b.hpp\"")},
        {"layers", "a sibling", true,
         layered("src/domain/order/a.cpp", "#include \"domain/stock/events.hpp\"")},
        {"layers", "a name from its own folder", true,
         layered("src/base/a.cpp", "#include \"a.hpp\"")},
        {"layers", "a stranger", true, layered("src/base/a.cpp", "#include <curl/curl.h>")},
        {"layers", "a library of another room", true,
         layered("src/base/a.cpp", "#include <xxhash.h>")},
        {"layers", "the system from the domain", true,
         layered("src/domain/order/a.cpp", "#include <unistd.h>")},
        {"layers", "a folder without a row", true, layered("src/attic/a.cpp", "")},
        {"layers", "what the row lets in", false,
         layered("src/domain/order/a.cpp", "#include \"domain/order/x/events.hpp\"\n"
                                           "#include \"domain/values/money.hpp\"\n"
                                           "#include <vector>\n")},
        {"layers", "a neighbour under the same row", true,
         layered("src/platform/a/b.cpp", "#include \"platform/c/d.hpp\"")},
        {"layers", "third parties of the row", false,
         layered("src/base/a.hpp", "#include <boost/describe.hpp>\n#include <fmt/core.h>\n"
                                   "#include <boost/describe/enum.hpp>\n")},
        {"layers", "a spec with its tools", false,
         layered("src/platform/a_spec.cpp", "#include \"tests/support/seed.hpp\"\n"
                                            "#include \"adapters/memory/event_store.hpp\"\n"
                                            "#include <gtest/gtest.h>\n")},
        {"own-header",
         "another header before its own",
         true,
         {{"src/base/a.hpp", ""},
          {"src/base/a.cpp", "#include \"base/b.hpp\"\n#include \"base/a.hpp\"\n"}}},
        {"own-header",
         "its own header forgotten",
         true,
         {{"tests/x/a.hpp", ""}, {"tests/x/a.cpp", "int a();\n"}}},
        {"own-header",
         "its own header first",
         false,
         {{"src/base/a.hpp", ""},
          {"src/base/a.cpp", "#include \"base/a.hpp\"\n#include \"base/b.hpp\"\n"}}},
        {"layers",
         "what specs share",
         false,
         {{"src/layers.txt", table},
          {"src/base/CMakeLists.txt", "kontor_module(\n  SPECS a_spec.cpp laws.hpp\n  LINK x)"},
          {"src/base/laws.hpp", "#include <gtest/gtest.h>"}}},
        {"layer-copy",
         "a page that lags",
         true,
         {{"src/layers.txt", table}, {"ARCHITECTURE.md", "```layers\nbase : : fmt\n```\n"}}},
        {"layer-copy",
         "a page without the table",
         true,
         {{"src/layers.txt", table}, {"ARCHITECTURE.md", "layers\n"}}},
        {"layer-copy",
         "the same rows, spaced otherwise",
         false,
         {{"src/layers.txt", "base  :  : fmt\n"},
          {"ARCHITECTURE.md", "x\n```layers\nbase : : fmt\n```\n"}}},
    };
}

std::vector<Case> size_cases() {
    return {
        {"file-size", "501 lines", true, one("src/base/a.cpp", repeat("\n", 501))},
        {"file-size", "500 lines", false, one("src/base/a.cpp", repeat("\n", 500))},
        {"file-size", "a spec of 801", true, one("src/base/a_spec.cpp", repeat("\n", 801))},
        {"file-size", "a spec of 800", false, one("src/base/a_spec.cpp", repeat("\n", 800))},
        {"function-size", "71 lines", true,
         one("src/base/a.cpp", "void f() {\n" + repeat("g();\n", 69) + "}\n")},
        {"function-size", "70 lines", false,
         one("src/base/a.cpp", "void f() {\n" + repeat("g();\n", 68) + "}\n")},
        {"function-size", "a long struct", false,
         one("src/base/a.hpp", "struct S {\n" + repeat("int a;\n", 100) + "};\n")},
        {"parameters", "six", true,
         one("src/base/a.hpp", "void f(int a, int b, int c, int d, int e, int f);")},
        {"parameters", "five, one of them a pair", false,
         one("src/base/a.hpp", "void f(int a, int b, int c, int d, std::pair<int, int> e);")},
        {"parameters", "a row of a table in a spec", false,
         one("src/base/a_spec.cpp", "void f(int a, int b, int c, int d, int e, int f);")},
        {"nesting", "five deep", true, one("src/base/a.cpp", ladder + "do { } while (d); }}}} }")},
        {"nesting", "four deep", false, one("src/base/a.cpp", ladder + "}}}} }")},
        {"enum-default", "a default", true,
         one("src/base/a.cpp", "void f() { switch (e) { case E::a: return; default: return; } }")},
        {"enum-default", "a switch over a character", false,
         one("src/base/a.cpp", "void f() { switch (c) { case 'a': return; default: return; } }")},
        {"enum-default", "every enumerator", false,
         one("src/base/a.cpp",
             "void f() { switch (e) { case E::a: return; } KONTOR_UNREACHABLE(); }")},
    };
}

std::vector<Case> word_cases() {
    return {
        {"names", "a type", true, one("src/base/a.hpp", "class OrderManager {};")},
        {"names", "a variable", true, one("src/base/a.cpp", "int order_data = 1;")},
        {"names", "a file", true, one("src/base/string_util.hpp", "")},
        {"names", "a folder", true, one("src/base/common/x.hpp", "")},
        {"names", "a function called process", true, one("src/base/a.hpp", "void process(int a);")},
        {"names", "a process manager, a data directory, a member of others", false,
         one("src/base/a.cpp",
             "ProcessManager x; int data_directory = y.data() + std::common(1);")},
        {"calls", "a clock", true,
         one("src/platform/a.cpp", "auto t = std::chrono::system_clock::now();")},
        {"calls", "dice", true, one("src/domain/a.cpp", "std::random_device dice;")},
        {"calls", "a sleep", true, one("src/services/a.cpp", "std::this_thread::sleep_for(x);")},
        {"calls", "a thread", true, one("src/platform/a.cpp", "std::thread t(f);")},
        {"calls", "a detached thread", true, one("src/runtime/a.cpp", "t.detach();")},
        {"calls", "async", true, one("src/runtime/a.cpp", "auto f = std::async(g);")},
        {"calls", "a distribution", true,
         one("bench/a.cpp", "std::uniform_int_distribution<int> d;")},
        {"calls", "a shuffle", true, one("tests/a.cpp", "std::shuffle(a, b, c);")},
        {"calls", "stod", true, one("src/adapters/a.cpp", "auto d = std::stod(text);")},
        {"calls", "the runtime, with clock and thread", false,
         one("src/runtime/a.cpp", "auto t = std::chrono::steady_clock::now(); std::thread x(f);")},
        {"calls", "a clock in a comment or a string", false,
         one("src/domain/a.cpp", "// system_clock::now()\nauto a = \"system_clock::now()\";")},
        {"language", "a throw", true, one("src/base/a.cpp", "void f() { throw 1; }")},
        {"language", "a coroutine", true, one("tests/a.cpp", "int f() { co_await g(); }")},
        {"language", "a catch in the platform", true,
         one("src/platform/a.cpp", "void f() { try { g(); } catch (int) {} }")},
        {"language", "using namespace", true, one("src/base/a.cpp", "using namespace std;")},
        {"language", "a catch around a library", false,
         one("src/adapters/a.cpp", "void f() { try { g(); } catch (int) {} }")},
        {"language", "literals", false,
         one("src/base/a.cpp", "using namespace std::chrono_literals; using std::vector;")},
        {"language", "the words of testing, in a spec", false,
         one("src/base/a_spec.cpp", "using namespace kontor::testing;")},
        {"macros", "a fourth", true, one("src/base/a.hpp", "#define KONTOR_LOG(x) log(x)")},
        {"macros", "one outside base", true, one("src/codec/a.hpp", "#define KONTOR_TRY(x) x")},
        {"macros", "the three", false,
         one("src/base/a.hpp", "#define KONTOR_TRY(x) x\n#define KONTOR_UNREACHABLE() abort()\n")},
        {"floating-point", "a double in the domain", true,
         one("src/domain/order/a.hpp", "double total = 0;")},
        {"floating-point", "a double in a benchmark", false,
         one("bench/a.cpp", "double seconds = 0;")},
    };
}

std::vector<Case> page_cases() {
    return {
        {"errors-label", "a Result without a word", true,
         one("src/ports/a.hpp", "/// Reads.\nResult<int> read();")},
        {"errors-label", "a comment that a blank line parts", true,
         one("src/ports/a.hpp", "/// Errors: none.\n\nResult<int> read();")},
        {"errors-label", "Errors said, overrides, the private door", false,
         one("src/ports/a.hpp", "/// Reads.\n/// Errors: corrupt.\nResult<int> read();\n\n"
                                "class X {\npublic:\n    Result<int> a() override;\n\n"
                                "private:\n    Result<int> b();\n};\n")},
        {"comments", "work to do", true, one("src/base/a.cpp", "// TODO: later")},
        {"comments", "a banner", true, one("src/base/a.cpp", "// ------ members ------")},
        {"comments", "a reason", false,
         one("src/base/a.cpp", "// Twice, because the first -- may be lost.")},
        {"comment-width", "101 columns", true,
         one("src/base/a.cpp", "// " + repeat("a word ", 14))},
        {"comment-width", "behind code", true,
         one("src/base/a.cpp", "int a; // " + repeat("a word ", 13))},
        {"comment-width", "100 columns", false,
         one("src/base/a.cpp", "// " + repeat("äöü word ", 10) + "ä words")},
        {"comment-width", "an address that cannot be broken", false,
         one("src/base/a.cpp", "// https://" + repeat("long", 30))},
        {"pragma-once", "a guard", true, one("src/base/a.hpp", "#ifndef A\n#define A\n#endif\n")},
        {"pragma-once", "the pragma", false, one("src/base/a.hpp", "#pragma once\n")},
        {"listed", "a file nobody lists", true,
         listed("src/base/a.cpp", "kontor_module(SOURCES ba.cpp a.cpp.in)")},
        {"listed", "a header nobody lists", true, listed("src/base/a.hpp", "")},
        {"listed",
         "a header for specs alone",
         false,
         {{"src/base/a.hpp", ""},
          {"src/base/a_spec.cpp", "#include \"base/a.hpp\""},
          {"src/base/CMakeLists.txt", "kontor_module(SPECS a_spec.cpp)"}}},
        {"listed",
         "a header that code includes",
         true,
         {{"src/base/a.hpp", ""},
          {"src/base/b.cpp", "#include \"base/a.hpp\""},
          {"src/base/CMakeLists.txt", "kontor_module(SOURCES b.cpp)"}}},
        {"listed", "a listed file", false,
         listed("src/base/a.cpp", "kontor_module(SOURCES b.cpp a.cpp)")},
        {"listed", "a file listed by the folder above", false,
         listed("src/base/x/a.cpp", "kontor_module(SOURCES x/a.cpp)")},
        {"readmes", "a silent module", true,
         one("src/base/CMakeLists.txt", "kontor_module(SOURCES)")},
        {"readmes",
         "a book",
         true,
         {{"src/base/CMakeLists.txt", "kontor_module()"},
          {"src/base/README.md", repeat("x\n", 71)}}},
        {"readmes",
         "a page",
         false,
         {{"src/base/CMakeLists.txt", "kontor_module()"}, {"src/base/README.md", "# base\n"}}},
        {"goldens",
         "an event without a sample",
         true,
         {{"src/codec/event_types.hpp",
           "    Stored<order::Placed, 101, \"order.placed\", 1, Visibility::internal>,\n"},
          {"tests/golden/order.placed.v1.json", ""}}},
        {"goldens",
         "an event with both samples",
         false,
         {{"src/codec/event_types.hpp",
           "    Stored<order::Placed, 101, \"order.placed\", 1, Visibility::internal>,\n"},
          {"tests/golden/order.placed.v1.json", ""},
          {"tests/golden/order.placed.v1.hex", ""}}},
    };
}

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (auto const& part : {layer_cases(), size_cases(), word_cases(), page_cases()})
        cases.insert(cases.end(), part.begin(), part.end());
    return cases;
}

TEST(Style, each_rule_refuses_and_accepts_what_it_is_shown) {
    for (auto const& shown : all_cases()) {
        auto const rule = std::find_if(rules().begin(), rules().end(),
                                       [&](Rule const& one) { return one.name == shown.rule; });
        ASSERT_NE(rule, rules().end()) << shown.rule;
        Findings findings;
        rule->check(make_tree(shown.texts), findings);
        EXPECT_EQ(!findings.empty(), shown.refused)
            << shown.rule << ": " << shown.what
            << (findings.empty() ? "" : "\n  " + findings.front().says);
    }
}

TEST(Style, no_rule_stands_without_both_kinds_of_case) {
    auto const cases = all_cases();
    for (auto const& rule : rules())
        for (bool const refused : {true, false})
            EXPECT_TRUE(std::any_of(cases.begin(), cases.end(),
                                    [&](Case const& shown) {
                                        return shown.rule == rule.name && shown.refused == refused;
                                    }))
                << rule.name << (refused ? " refuses" : " accepts") << " nothing";
}

} // namespace
} // namespace kontor::style
