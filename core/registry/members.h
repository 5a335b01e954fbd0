#pragma once

#include <string>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"

#include "core/matching/record.h"

namespace brobygger::registry {

// One of the records that make up an association, as the comparison sees it.
struct Member {
  matching::Record record;
  std::string connection_id;  // "" if a person said it
  std::string external_id;
};

// What each source says of the association: one record for each statement of its
// provenance, with the value that this source tells, also where the registry
// holds another's. A source that does not tell a name is taken to mean the
// official one, and the other names go with every record. Records that say the
// same are one. Never empty; pure.
std::vector<Member> MembersOf(const v1::Association& association);

// The records of MembersOf() alone.
std::vector<matching::Record> RecordsOf(const v1::Association& association);

// The whole association as one record of `source`.
matching::Record RecordOf(const v1::Association& association, const std::string& source);

}  // namespace brobygger::registry
