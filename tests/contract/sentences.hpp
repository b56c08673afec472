#pragma once

/// A contract is a list of sentences, and each becomes a test of its own for every adapter that is
/// held to it, on something fresh.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

template <class UnderTest>
struct Sentence {
    char const* name;
    void (*holds)(UnderTest& it);
    /// Whether this adapter promises it; null: every one does. Else it is skipped, by name.
    bool (*is_promised)(UnderTest& it){nullptr};
};

template <class UnderTest>
using Make = std::function<std::unique_ptr<UnderTest>()>;

template <class UnderTest>
class SentenceCase : public ::testing::Test {
public:
    using Look = void (*)(UnderTest& it);

    SentenceCase(Make<UnderTest> make, Sentence<UnderTest> sentence, Look afterwards)
        : make_(std::move(make)), sentence_(sentence), afterwards_(afterwards) {}

    void TestBody() override {
        auto const under_test = make_();
        ASSERT_NE(under_test, nullptr);
        if (sentence_.is_promised != nullptr && !sentence_.is_promised(*under_test))
            GTEST_SKIP() << sentence_.name << ": this adapter does not promise it";
        sentence_.holds(*under_test);
        if (afterwards_ != nullptr)
            afterwards_(*under_test);
    }

private:
    Make<UnderTest> make_;
    Sentence<UnderTest> sentence_;
    Look afterwards_;
};

/// Registers a test for each sentence; what must hold after all of them is looked at `afterwards`.
/// Shape:    `suite` is "EventStoreContract/memory". True, so that a static can be initialised.
template <class UnderTest, std::size_t count>
bool hold_to(std::string const& suite, Make<UnderTest> make,
             Sentence<UnderTest> const (&sentences)[count],
             typename SentenceCase<UnderTest>::Look afterwards = nullptr) {
    using Case = SentenceCase<UnderTest>;
    for (auto const& sentence : sentences)
        ::testing::RegisterTest(
            suite.c_str(), sentence.name, nullptr, nullptr, __FILE__, __LINE__,
            [make, sentence, afterwards]() -> Case* {
                return std::make_unique<Case>(make, sentence, afterwards).release();
            });
    return true;
}

} // namespace kontor::contract
