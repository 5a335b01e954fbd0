#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <toml++/toml.h>

namespace brobygger::access {

// Reads one table of a file that somebody wrote by hand, and remembers the first mistake with its
// line. Both must outlive it.
class TableReader {
 public:
  // `file` is its name, for errors.
  TableReader(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  // "" if there is none.
  std::string Text(const char* key);
  bool Flag(const char* key);
  // Empty if there is none.
  std::vector<std::string> Texts(const char* key);
  // The key "name". A name stands in the audit log, which takes no other signs.
  std::string Name();

  void Complain(const toml::node& where, const std::string& what);
  // The same, about a key's value; the table where there is none.
  void ComplainAbout(const char* key, const std::string& what);

  // FAILED_PRECONDITION with "FILE:LINE: what is wrong", keys that nobody asked for included.
  absl::Status Done();

 protected:
  const toml::node* Node(const char* key);

 private:
  const toml::table& table_;
  const std::string file_;
  std::set<std::string> known_;
  std::string trouble_;
};

// The file's tables. FAILED_PRECONDITION with file and line if it is not TOML, or has a key at the
// top that is not one of `keys`.
absl::StatusOr<toml::table> ReadTables(const std::string& text,
                                       const std::string& file,
                                       const std::set<std::string>& keys);

// Differs when the text does; for logs. 16 hexadecimal digits.
std::string RevisionOf(const std::string& text);

}  // namespace brobygger::access
