#pragma once

/// FactCodec: the functions of stored_json.hpp for the facts of one aggregate, without their types.
/// A type that is none of the aggregate's is unsupported.

#include "codec/stored_json.hpp"

namespace kontor::codec {

struct FactCodec {
    Result<std::string> (*to_json)(EventType, std::span<std::uint8_t const>, PersonalFields,
                                   FieldOpener*);
    Result<void> (*to_stored)(EventType, std::string_view, std::vector<std::uint8_t>&);
    Result<std::string> (*schema)(EventType);
    Result<std::string> (*fields)(EventType);
};

/// Instantiated once for each aggregate, in its `_facts.cpp`.
template <class Event>
FactCodec fact_codec();

} // namespace kontor::codec
