#pragma once

/// The limits of who numbers documents, with what happens at each.

#include <cstddef>

namespace kontor::services {

/// Requests that wait for the desk's inbox. At the limit the log is read no further.
inline constexpr std::size_t documents_waiting_max = 64;

/// Documents of one request. At the limit the next request begins.
inline constexpr std::size_t documents_of_request_max = 256;

/// Events read from the log in one go.
inline constexpr std::size_t documents_page_events_max = 1024;

} // namespace kontor::services
