#pragma once

/// overloaded: one visitor of several lambdas, for std::visit.

namespace kontor {

template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

} // namespace kontor
