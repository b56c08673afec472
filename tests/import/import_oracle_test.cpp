/// The books of an imported shop against the oracle, figure by figure, as the log has them: of the
/// sample we ship, of seven months of the data set where they are at hand, and of files made up by
/// seed, dirtier than any real one.

#include "services/import/import.hpp"
#include "services/import/text_source.hpp"

#include "adapters/memory/event_store.hpp"
#include "base/random.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/seed.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kontor::online_retail {
namespace {

using Facts = std::map<std::string, std::string>;

std::string const source_dir = KONTOR_SOURCE_DIR;

std::string content_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// "key value" a line.
Facts parsed(std::string const& text) {
    Facts facts;
    std::istringstream lines(text);
    for (std::string key, value; lines >> key && std::getline(lines >> std::ws, value);)
        facts[key] = value;
    return facts;
}

Facts facts_of(Report const& report) {
    Facts facts;
    for (auto const& list : {report.of_file, listed(*report.booked), report.matching})
        for (auto const& figure : list)
            facts[figure.key] = figure.value;
    for (auto const& group : report.groups) {
        facts["class." + group.name + ".rows"] = fmt::format("{}", group.rows);
        facts["class." + group.name + ".pounds"] = pounds(group.micropounds);
    }
    facts.erase("stock.skus_once_sold_out");
    facts.erase("stock.skus_oversold");
    facts.erase("class.out_of_range.rows");
    facts.erase("class.out_of_range.pounds");
    return facts;
}

/// Imports into a shop in memory; every equation must hold.
Report report_on(std::string text) {
    kontor::testing::HandClock clock;
    memory::EventStore store(clock);
    services::ShopDesk desk(store);
    TextSource source("a file", std::move(text));
    Import import(read_invoices(source).value(), store, desk);
    while (!import.is_finished())
        if (auto const done = import.do_work({4'096}); !done) {
            ADD_FAILURE() << to_string(done.error());
            return {};
        }
    EXPECT_EQ(import.outcome(), Outcome::reconciled) << to_text(import.report());
    return import.report();
}

void expect_same(Facts const& found, Facts const& expected) {
    EXPECT_FALSE(expected.empty());
    for (auto const& [key, value] : expected)
        EXPECT_EQ(found.contains(key) ? found.at(key) : "nothing", value) << key;
    EXPECT_EQ(found.size(), expected.size());
}

/// What the oracle says of a file; empty if there is no Python.
Facts oracle_on(std::string const& path) {
    auto const command = fmt::format("python3 '{}/tests/import/oracle.py' '{}'", source_dir, path);
    std::FILE* const pipe = popen(command.c_str(), "r");
    std::string text;
    for (char bytes[4096]; auto const count = std::fread(bytes, 1, sizeof bytes, pipe);)
        text.append(bytes, count);
    return pclose(pipe) == 0 ? parsed(text) : Facts{};
}

/// Invoices that nobody would write: few customers, SKUs and prices, so that everything meets.
class MadeUpFile {
public:
    explicit MadeUpFile(std::uint64_t seed) : random_(seed) {}

    std::string text() {
        std::string text =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
        for (int invoice = 0; invoice < 300; ++invoice) {
            minute_ += pick(90);
            add_invoice(text, 100'000 + invoice);
        }
        return text;
    }

private:
    std::uint64_t pick(std::uint64_t below) { return random_.below(below); }

    template <std::size_t N>
    char const* one_of(char const* const (&texts)[N]) {
        return texts[pick(N)];
    }

    void add_invoice(std::string& text, int number) {
        auto const prefix = pick(4) == 0 ? "C" : pick(60) == 0 ? "A" : "";
        auto const customer = pick(5) == 0 ? std::string() : fmt::format("{}.0", 1 + pick(4));
        bool const is_stock = customer.empty() && pick(2) == 0;
        auto const country = one_of({"United Kingdom", "EIRE", "Atlantis"});
        for (auto row = 1 + pick(6); row > 0; --row) {
            auto const sku = one_of(
                {"A1", "a1", "B2", "C-3", "POST", "M", "D", "gift_0001_10", "BANK CHARGES", "?"});
            auto const price =
                is_stock ? "0.0" : one_of({"1.25", "1.25", "2.5", "0", "0.001", "x", "-1"});
            auto const sign = pick(8) == 0 ? 1 : -1;
            auto const units = static_cast<std::int64_t>(1 + pick(12));
            auto const quantity = *prefix == 'C' || is_stock ? sign * units : -sign * units;
            text += fmt::format("{}{},{},\"A \"\"thing\"\",\n {}\",{},{},{},{},{}\n", prefix,
                                number, sku, sku, quantity, moment(), price, customer, country);
        }
    }

    std::string moment() const {
        return fmt::format("2011-03-{:02} {:02}:{:02}:00", 1 + minute_ / 1440 % 28,
                           minute_ / 60 % 24, minute_ % 60);
    }

    Random random_;
    std::uint64_t minute_{0};
};

TEST(ImportOracle, the_books_of_the_sample_are_what_the_oracle_says) {
    auto const report = report_on(content_of(source_dir + "/samples/online-retail-2010-12.csv"));
    expect_same(facts_of(report),
                parsed(content_of(source_dir + "/tests/import/expected/sample.txt")));
}

TEST(ImportOracle, the_books_of_seven_months_are_what_the_oracle_says) {
    auto const* const path = std::getenv("KONTOR_ONLINE_RETAIL");
    if (path == nullptr)
        GTEST_SKIP() << "KONTOR_ONLINE_RETAIL does not name the file of seven months";
    expect_same(facts_of(report_on(content_of(path))),
                parsed(content_of(source_dir + "/tests/import/expected/seven-months.txt")));
}

TEST(ImportOracle, the_books_of_made_up_files_are_what_the_oracle_says) {
    for (std::uint64_t i = 0; i < 5; ++i) {
        auto const text = MadeUpFile(testing::seed() + i).text();
        auto const path = std::filesystem::temp_directory_path() /
                          fmt::format("kontor-import-{}-{}.csv", testing::seed(), i);
        std::ofstream(path, std::ios::binary) << text;
        auto const expected = oracle_on(path.string());
        if (expected.empty())
            GTEST_SKIP() << "no python3 to run the oracle with";
        auto const report = report_on(text);
        expect_same(facts_of(report), expected);
        std::filesystem::remove(path);
    }
}

} // namespace
} // namespace kontor::online_retail
