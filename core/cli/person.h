// What the commands about persons share.
#pragma once

#include <string>
#include <vector>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/cli/command.h"
#include "core/cli/output.h"

namespace brobygger::cli {

// A person as they are named on a command line: by an id, or by a name and an address.
struct PersonNamed {
  std::string id;
  std::string name;
  std::string email;
};

// Adds [ID], --name and --email.
void AddPersonNamed(Command& command, PersonNamed& named);

// The words that are typed for a function, or for why it may be recorded.
std::vector<std::string> FunctionWords();
std::vector<std::string> BasisWords();
std::vector<std::string> SensitiveBasisWords();

// One row a role.
std::vector<Column> PersonColumns();
std::vector<std::vector<Cell>> PersonCells(const people::v1::Person& person,
                                           const std::string& language);

}  // namespace brobygger::cli
