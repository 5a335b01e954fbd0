#pragma once

#include <string>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include "core/web/http.h"

namespace brobygger::web {

using Header = boost::beast::http::request_header<>;

// What a handler sees of a request without its body; `peer` is the connection's own address, and
// `address_field` as HttpLimits has it. Pure.
Request ToRequest(const Header& header, const std::string& address_field, const std::string& peer);

// Anything with a transfer coding counts: where two readers could disagree on where a
// request ends, somebody could hide a second one in it.
bool HasTransferCoding(const Header& header);

// Whether there is exactly one Host, as HTTP/1.1 wants (RFC 9112, section 3.2).
bool HasHost(const Header& header);

}  // namespace brobygger::web
