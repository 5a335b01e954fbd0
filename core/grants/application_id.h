#pragma once

#include <string>

namespace brobygger::grants {

// The id of the application that a connection knows by this key: a UUID made of the
// two (RFC 4122, version 5), so that the same record always gets the same id,
// whatever becomes of the hub in between.
std::string ApplicationId(const std::string& connection_id, const std::string& external_id);

// The id that a person means: an id, or "connection/external id" as lists show it.
std::string MeantId(const std::string& typed);

}  // namespace brobygger::grants
