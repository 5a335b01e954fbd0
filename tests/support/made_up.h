#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::support {

// An association, and what somebody who looks for it types.
struct Planted {
  std::string kind;
  registry::v1::Association association;
  std::string query;
};

// Makes associations up from tests/fixtures/search/: the same number gives the same association,
// on every machine. Their names, places and purposes are as unlike as real ones; none exists.
class MadeUp {
 public:
  // The folder with the fixtures.
  explicit MadeUp(const std::string& folder);

  // Complete as the hub stores it, id and times included.
  registry::v1::Association Association(std::uint64_t number) const;

  // Those in planted.csv, with ids of their own.
  std::vector<Planted> AllPlanted() const;

  // One of a list's words; for queries of the same world.
  const std::vector<std::string>& words(const std::string& list) const { return lists_.at(list); }

 private:
  class Dice;
  std::string Name(Dice& dice) const;
  void AddActivities(Dice& dice, registry::v1::Association& association) const;

  const std::string folder_;
  std::map<std::string, std::vector<std::string>> lists_;
};

}  // namespace brobygger::support
