// expects: Cannot format an argument
#include "domain/values/personal.hpp"

#include <fmt/format.h>

std::string greeting(kontor::Personal<std::string> const& name) {
#ifdef BROKEN
    return fmt::format("Dear {}", name);
#else
    return fmt::format("Dear {}", name.value() != nullptr ? "customer" : "stranger");
#endif
}
