#include "plugins/calendars/ics/text_source.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <sys/stat.h>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/prefilter.h"
#include "plugins/calendars/ics/feed.h"

namespace brobygger::ics {
namespace {

using sdk::Diagnostic;

absl::Status CannotRead(const std::string& path, int error) {
  if (error == ENOENT) {
    return sdk::MakeError(
        {.kind = Diagnostic::CLASS_NOT_FOUND,
         .code = "calendars.ics.not_found",
         .da = "Filen " + path +
               " findes ikke. Bed dem, der gemmer kalenderen, om at lægge den der, "
               "eller ret 'path'.",
         .en = "There is no file " + path +
               ". Ask those who save the calendar to put it there, or mend 'path'.",
         .path = "path"});
  }
  return sdk::MakeError({.kind = Diagnostic::CLASS_CONFIG,
                         .code = "calendars.ics.not_readable",
                         .da = "Filen " + path +
                               " kan ikke læses. Giv hub'ens bruger lov til at læse den, og sæt "
                               "mappen i forbindelsens jail.read_paths.",
                         .en = "The file " + path +
                               " cannot be read. Let the hub's user read it, and put its folder "
                               "into the connection's jail.read_paths.",
                         .path = "path",
                         .detail = std::generic_category().message(error)});
}

absl::StatusOr<FetchedText> ReadFile(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) return CannotRead(path, errno);
  if (!S_ISREG(about.st_mode)) return CannotRead(path, EISDIR);
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path, errno);
  FetchedText fetched;
  // One byte too many is enough for the pre-filter to say that it is too large. A file that grows
  // meanwhile lacks its end, which the pre-filter tells too.
  const auto size = static_cast<std::size_t>(about.st_size);
  fetched.text.resize(std::min(size, calendars::kMaxTextBytes + 1));
  file.read(fetched.text.data(), static_cast<std::streamsize>(fetched.text.size()));
  if (file.bad()) return CannotRead(path, EIO);
  fetched.text.resize(static_cast<std::size_t>(file.gcount()));
  return fetched;
}

}  // namespace

absl::StatusOr<FetchedText> FetchText(const Config& config,
                                      const std::string& password,
                                      const std::string& known_etag,
                                      Beat beat) {
  if (!config.path.empty()) return ReadFile(config.path);
  return Feed(config, password).Fetch(known_etag, beat);
}

}  // namespace brobygger::ics
