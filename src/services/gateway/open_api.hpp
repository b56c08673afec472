#pragma once

/// The reference of the API: OpenAPI 3.1, made of the table of routes and the descriptions of what
/// goes in and out.   Thread: any.

#include <string_view>

namespace kontor::services::gateway {

/// Made once; lives as long as the program.
std::string_view open_api_text();

} // namespace kontor::services::gateway
