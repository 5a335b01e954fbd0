#pragma once

#include <string>
#include <vector>

namespace brobygger::matching {

// What one record says of the association it means, as far as that helps to tell
// associations apart. UTF-8 text as the source wrote it: nothing needs to be
// normalised, and empty is "not told". Whom an association is for, and which
// languages it speaks, are left out on purpose: they are never evidence that two
// records mean the same.
struct Record {
  std::string source;              // which system says so; "" if there is only one
  std::vector<std::string> names;  // the official one first
  std::string cvr;
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::vector<std::string> websites;
  std::string street;  // with or without the house's own name in front
  std::string house_number;
  std::string postal_code;
  std::string city;
  std::string municipality_code;
  std::string country;
  std::string founded;                // a year, or a day as ISO 8601
  std::vector<std::string> contacts;  // persons: in lists outside the hub only
  std::string parent;                 // the national association it says it belongs to
};

}  // namespace brobygger::matching
