#pragma once

#include <map>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "core/web/http.h"

namespace brobygger::web {

// The files of the page, as tools/build.mjs makes them, kept in memory: the door cannot read files
// once it is jailed. Immutable, so thread-safe.
class UiFiles {
 public:
  // FAILED_PRECONDITION, for the person who starts the door, if the folder cannot be read, is too
  // large, or has no index.html. Links are not followed.
  static absl::StatusOr<UiFiles> Load(const std::string& folder);

  // A file, or the page itself for every path that could be a screen; 404 for all else.
  // `encrypted`: whether the browser came by https.
  Response Answer(const Request& request, bool encrypted) const;

 private:
  struct File {
    std::string type;
    std::string body;
    std::string packed = {};  // by gzip; "" if there is none
    std::string tag;
    bool for_ever = false;  // its name changes with what is in it
  };

  UiFiles() = default;

  const File* Find(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // by path, with a slash before it
};

}  // namespace brobygger::web
