// A pile of applications: which of them come from one association.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/matching/index.h"

namespace brobygger::cli {

// Turns names, addresses and account numbers into signs that can be compared
// within one run and read by nobody: HMAC-SHA256 under a key that is made for the
// run and dies with it.
class RunKey {
 public:
  RunKey();
  ~RunKey();
  RunKey(const RunKey&) = delete;
  RunKey& operator=(const RunKey&) = delete;

  // The same for two texts that differ in case, accents, order of words and
  // surplus signs; "" for a text without letters and digits.
  std::string SignOf(const std::string& text) const;

 private:
  std::string key_;
};

// One application. Persons' names, addresses and accounts only as signs.
struct Application {
  std::string id;  // as the file has it, or "file:line"
  std::string title;
  matching::Record record;
  std::vector<std::string> board;  // sorted, each once
  std::string account;
  std::string address;
  std::vector<std::string> phones;
  // The registry's association that it is, if the hub recognises it; without the id, one that it
  // may be.
  std::string association_id;
  std::string association_name;
};

// What two groups have in common although they are not the same association.
struct Shared {
  std::size_t other = 0;  // the other group's number
  std::size_t board = 0;  // how many of `board_size` names
  std::size_t board_size = 0;
  bool account = false;
  bool address = false;
  bool phone = false;
};

// The applications of one association.
struct PileGroup {
  std::vector<std::size_t> applications;  // places in the pile, ascending
  std::vector<Shared> shared;
};

// Groups the pile: what the hub recognised as one association, and what the model
// takes for the same among the rest. Groups come in the order of their first
// application. Pure.
std::vector<PileGroup> GroupPile(const std::vector<Application>& pile,
                                 std::shared_ptr<const matching::Model> model);

}  // namespace brobygger::cli
