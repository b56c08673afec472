#pragma once

/// Marks of e-mail addresses: sealed addresses cannot be searched, so what is searched is a keyed
/// digest of the address as everybody spells it alike. Whoever has the marks without the key cannot
/// try addresses against them.
/// Source: DOMAIN section 11, e-mail found by HMAC; RFC 2104.   Thread: any.

#include "platform/sealing/gcm.hpp"
#include "ports/key_store.hpp"

#include <string>
#include <string_view>

namespace kontor::sealing {

/// Without blanks around it, small letters; letters beyond ASCII as they are.
std::string normal_address(std::string_view address);

/// An address as it is marked for somebody who has bought as a guest, so that no mark of theirs
/// stands among those of customers.
std::string guest_address(std::string_view address);

ports::AddressMark mark_of(Key const& key, std::string_view address);

} // namespace kontor::sealing
