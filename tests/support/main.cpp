#include "base/assert.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
    auto const seed = kontor::testing::seed();
    std::printf("seed %llu (repeat with KONTOR_SEED=%llu)\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed));
    kontor::set_defect_seed(seed);
    setenv("RC_PARAMS", ("seed=" + std::to_string(seed)).c_str(), 0);
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
