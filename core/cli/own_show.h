// What is recorded about an association, line by line; for the commands of its own side.
#pragma once

#include <string>
#include <vector>

#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/people/v1/people_service.pb.h"

#include "core/cli/output.h"
#include "core/cli/said_by.h"

namespace brobygger::cli {

// One thing that is recorded. `section` is a word of own_texts.csv: "purpose", "events".
struct OwnLine {
  std::string section;
  std::string which;
  std::string value;
  std::string said_by = {};
  std::string when = {};
};

// The lines of a part of the record that can be confirmed, or of "basic": its fields, and who
// confirmed it last.
std::vector<OwnLine> RecordLines(const registry::v1::Association& association,
                                 const std::string& section,
                                 const SourceMarks& marks,
                                 const std::string& language);

// The lines as a table; the section is told once.
Rows OwnRows(const std::vector<OwnLine>& lines, const std::string& language);

}  // namespace brobygger::cli
