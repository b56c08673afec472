#include "programs/kontor/completion.hpp"

#include <algorithm>

namespace kontor::programs {
namespace {

constexpr std::string_view bash_script =
    R"(# Completion of kontor for bash. Keep it: kontor completion bash > ~/.local/share/bash-completion/completions/kontor
_kontor() {
    local IFS=$'\n'
    COMPREPLY=($("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _kontor kontor
)";

constexpr std::string_view zsh_script = R"(#compdef kontor
# Completion of kontor for zsh. Keep it: kontor completion zsh > "${fpath[1]}/_kontor"
_kontor() {
    local -a found
    found=("${(@f)$("${words[1]}" complete --described -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found//:/\\:}")
    found=("${(@)found/$'\t'/:}")
    if [[ -n ${found[1]} ]]; then _describe kontor found; else _files; fi
}
if [[ ${funcstack[1]} == _kontor ]]; then _kontor "$@"; else compdef _kontor kontor; fi
)";

constexpr std::string_view fish_script =
    R"(# Completion of kontor for fish. Keep it: kontor completion fish > ~/.config/fish/completions/kontor.fish
function __kontor_complete
    set -l words (commandline -opc)
    set -l found ($words[1] complete --described -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c kontor -f -a '(__kontor_complete)'
)";

/// Where the walk over the typed words has come.
struct Place {
    std::vector<CommandShape const*> way; ///< from the root down
    std::size_t positionals{0};           ///< of the last command, typed already
    ParameterShape const* open{nullptr};  ///< the option whose value is being typed

    CommandShape const& command() const { return *way.back(); }

    ParameterShape const* option_of(std::string_view name) const {
        for (auto const* const command : way)
            for (auto const& option : command->options)
                if (std::ranges::find(option.names, name) != option.names.end())
                    return &option;
        return nullptr;
    }

    void take(std::string const& word) {
        if (open != nullptr) {
            open = nullptr;
        } else if (word.starts_with('-')) {
            auto const* const option = option_of(word);
            if (option != nullptr && !option->takes.empty())
                open = option;
        } else if (auto const* const below = command().find(word); below != nullptr) {
            way.push_back(below);
            positionals = 0;
        } else {
            ++positionals;
        }
    }
};

void add_choices(std::vector<Candidate>& found, ParameterShape const& parameter) {
    for (auto const& choice : parameter.choices)
        found.push_back({choice, ""});
}

void add_options(std::vector<Candidate>& found, Place const& place) {
    for (auto command = place.way.rbegin(); command != place.way.rend(); ++command)
        for (auto const& option : (*command)->options) {
            bool const known = std::ranges::any_of(
                found, [&](Candidate const& each) { return each.word == option.names.back(); });
            if (!known)
                found.push_back({option.names.back(), option.what});
        }
}

void add_positional(std::vector<Candidate>& found, Place const& place, Existing const& existing) {
    auto const& positionals = place.command().positionals;
    if (positionals.empty())
        return;
    auto const& last = positionals.back();
    if (place.positionals >= positionals.size() && !last.repeats)
        return;
    auto const& positional = positionals[std::min(place.positionals, positionals.size() - 1)];
    add_choices(found, positional);
    if (positional.choices.empty())
        std::ranges::move(existing(positional.names.front()), std::back_inserter(found));
}

} // namespace

std::vector<Candidate> candidates(CommandShape const& root, std::span<std::string const> words,
                                  Existing const& existing) {
    Place place{.way = {&root}};
    std::vector<Candidate> found;
    if (words.empty())
        return found;
    for (auto const& word : words.first(words.size() - 1))
        place.take(word);
    auto const& typed = words.back();
    if (place.open != nullptr) {
        add_choices(found, *place.open);
    } else if (typed.starts_with('-')) {
        add_options(found, place);
    } else {
        for (auto const& command : place.command().commands)
            found.push_back({command.name, command.what});
        add_positional(found, place, existing);
    }
    std::erase_if(found, [&](Candidate const& each) { return !each.word.starts_with(typed); });
    return found;
}

std::string_view completion_script(std::string_view shell) {
    if (shell == "bash")
        return bash_script;
    if (shell == "zsh")
        return zsh_script;
    return shell == "fish" ? fish_script : std::string_view();
}

} // namespace kontor::programs
