#pragma once

/// Pages about the command line, made from its tree: one of the manual for each command, and one
/// of the reference for all.   Thread: any.

#include "programs/kontor/command_tree.hpp"

namespace kontor::programs {

/// "kontor-order-show", the name of a command's page.
std::string page_name_of(CommandShape const& command);

/// The page of the manual, in the language of man(7).
std::string man_page(CommandShape const& command, std::string_view version);

/// The reference of the whole tree, in Markdown.
std::string command_reference(CommandShape const& root);

} // namespace kontor::programs
