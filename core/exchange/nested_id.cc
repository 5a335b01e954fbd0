#include "core/exchange/nested_id.h"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "core/base/id.h"

namespace brobygger::exchange {

std::string NestedId(const std::string& id, std::string_view place) {
  using boost::uuids::name_generator_sha1;
  const boost::uuids::uuid within = base::IsUuid(id)
                                        ? boost::uuids::string_generator()(id)
                                        : name_generator_sha1(boost::uuids::ns::oid())(id);
  const name_generator_sha1 generate(within);
  return boost::uuids::to_string(generate(place.data(), place.size()));
}

}  // namespace brobygger::exchange
