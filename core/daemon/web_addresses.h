#pragma once

#include <string>

namespace brobygger::daemon {

// Whether a page's address is of this machine: http or https, at 127.0.0.1, localhost or [::1],
// whatever its port and path. Pure.
bool IsOfThisMachine(const std::string& url);

// The same of where a door listens: "127.0.0.1:8480" or "[::1]:8480". Pure.
bool ListensHereAlone(const std::string& listen);

// Whether `uri` is the web page's own `path`, as in "/session/callback": at `public_url`, or where
// that is "" at any port of this machine. Byte for byte, so that no browser is sent elsewhere.
// Pure.
bool IsOwnPage(const std::string& uri, const std::string& path, const std::string& public_url);

}  // namespace brobygger::daemon
