#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace brobygger::base {

// Texts in Danish and English by key, from a file that is built into the program:
// "key|Danish|English" lines. Immutable, so safe from any thread.
class TextTable {
 public:
  // Lines that are not of this form are left out.
  explicit TextTable(std::string_view file);

  // In "da" or, for any other language, in English. "" if there is no such key.
  const std::string& Get(const std::string& key, const std::string& language) const;

 private:
  std::map<std::string, std::pair<std::string, std::string>> texts_;
};

}  // namespace brobygger::base
