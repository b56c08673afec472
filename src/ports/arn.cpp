#include "ports/arn.hpp"

#include <array>

namespace kontor::ports {

Result<Arn> Arn::parse(std::string_view text) {
    auto const refuse = [&] {
        return unexpected(
            Failure{FailureKind::invalid, "`" + std::string(text) +
                                              "` is no ARN: write "
                                              "arn:aws:service:region:account:resource"});
    };
    std::array<std::string_view, 5> parts;
    auto rest = text;
    for (auto& part : parts) {
        auto const colon = rest.find(':');
        if (colon == std::string_view::npos)
            return refuse();
        part = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    if (parts[0] != "arn" || parts[1].empty() || parts[2].empty() || rest.empty())
        return refuse();
    return Arn{
        std::string(parts[2]), {std::string(parts[4]), std::string(parts[3])}, std::string(rest)};
}

std::string Arn::to_string() const {
    return "arn:aws:" + service + ":" + place.region + ":" + place.account + ":" + resource;
}

} // namespace kontor::ports
