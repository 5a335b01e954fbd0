#include "core/grants/application_id.h"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace brobygger::grants {
namespace {

// Ours alone, made once at random; stored ids follow from it, so it never changes.
constexpr boost::uuids::uuid kNamespace = {{0x4d, 0x8b, 0x1f, 0x63, 0x2a, 0x0e, 0x4c, 0x97, 0x9b,
                                            0x55, 0xd1, 0x70, 0x3e, 0x6a, 0xc4, 0x18}};

}  // namespace

std::string ApplicationId(const std::string& connection_id, const std::string& external_id) {
  boost::uuids::name_generator_sha1 names(kNamespace);
  return boost::uuids::to_string(names(connection_id + "/" + external_id));
}

std::string MeantId(const std::string& typed) {
  const std::size_t slash = typed.find('/');
  return slash == std::string::npos
             ? typed
             : ApplicationId(typed.substr(0, slash), typed.substr(slash + 1));
}

}  // namespace brobygger::grants
