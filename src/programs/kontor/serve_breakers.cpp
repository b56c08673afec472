#include "programs/kontor/serve_breakers.hpp"

#include "base/names.hpp"
#include "programs/kontor/serve_files.hpp"

#include <fmt/format.h>
#include <fstream>

namespace kontor::programs {

using resilience::Forced;

Result<ForcedBreakers> ForcedBreakers::open(std::string const& directory) {
    ForcedBreakers kept(directory + "/keys/breakers");
    std::ifstream file(kept.file_);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        auto const blank = line.find(' ');
        auto const how = blank == std::string::npos ? "" : line.substr(blank + 1);
        auto forced = Forced::none;
        for (auto const known : {Forced::open, Forced::closed})
            if (how == enumerator_name(known))
                forced = known;
        if (forced == Forced::none)
            return unexpected(Failure{FailureKind::invalid,
                                      fmt::format("`{}` does not say how a breaker is forced: a "
                                                  "name, and open or closed, are wanted",
                                                  line),
                                      fmt::format("{}:{}", kept.file_, number)});
        kept.forced_.insert_or_assign(line.substr(0, blank), forced);
    }
    return kept;
}

Forced ForcedBreakers::of(std::string_view downstream) const {
    auto const found = forced_.find(downstream);
    return found == forced_.end() ? Forced::none : found->second;
}

Result<void> ForcedBreakers::keep(std::string_view downstream, Forced forced) {
    auto after = forced_;
    if (forced == Forced::none)
        after.erase(std::string(downstream));
    else
        after.insert_or_assign(std::string(downstream), forced);
    std::string text;
    for (auto const& [name, how] : after)
        text += fmt::format("{} {}\n", name, enumerator_name(how));
    KONTOR_TRY(write_private_file(file_, text));
    forced_ = std::move(after);
    return {};
}

} // namespace kontor::programs
