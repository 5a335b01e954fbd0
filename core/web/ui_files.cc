#include "core/web/ui_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/base/status_macros.h"
#include "core/web/conditional.h"
#include "core/web/digest.h"

namespace brobygger::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr char kPage[] = "/index.html";
constexpr char kPacked[] = ".gz";
constexpr char kForEver[] = "public, max-age=31536000, immutable";

// Everything comes from the door itself: no script or style in the page, no other server, nobody's
// frame. Forms go by script alone.
constexpr char kPolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'";

constexpr std::array<std::pair<std::string_view, const char*>, 9> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".json", "application/json"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".woff2", "font/woff2"},
     {".txt", "text/plain; charset=utf-8"},
     {".ico", "image/x-icon"}}};

const char* TypeOf(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

absl::StatusOr<std::string> ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return absl::FailedPreconditionError(
        absl::StrCat("web.ui: ", path.string(), " cannot be read"));
  }
  return std::move(text).str();
}

// RFC 9110, section 12.5.3, as far as browsers write it.
bool TakesGzip(const std::string& accepted) {
  for (const auto each : absl::StrSplit(accepted, ',')) {
    const std::vector<std::string> parts = absl::StrSplit(each, ';');
    const auto coding = absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(parts[0])));
    if (coding != "gzip" && coding != "*") continue;
    const std::string weight =
        parts.size() < 2 ? "" : std::string(absl::StripAsciiWhitespace(parts[1]));
    return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000";
  }
  return false;
}

// A path that a screen could have: no file's ending, nothing hidden.
bool CouldBeScreen(std::string_view path) { return path.find('.') == std::string_view::npos; }

// By path, with a slash before it.
using Texts = std::map<std::string, std::string>;

absl::Status AddFile(const fs::path& path, const std::string& name, Texts& texts) {
  BB_ASSIGN_OR_RETURN(texts[name], ReadWhole(path));
  std::size_t bytes = 0;
  for (const auto& [each, text] : texts) bytes += text.size();
  if (bytes <= kMostBytes) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("web.ui: ", path.string(), ": this is more than a page holds (16 MiB)"));
}

// All files of a folder, without following links.
absl::StatusOr<Texts> ReadFolder(const std::string& folder) {
  Texts texts;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_regular_file(error) || entry->is_symlink(error)) continue;
    const std::string name = "/" + fs::relative(entry->path(), folder, error).generic_string();
    BB_RETURN_IF_ERROR(AddFile(entry->path(), name, texts));
  }
  if (!error && texts.contains(kPage)) return texts;
  return absl::FailedPreconditionError(absl::StrCat(
      "web.ui: ", folder, " holds no page", error ? ": " + error.message() : " (index.html)",
      "; build it with core/web/ui/make, or set web.ui to \"\""));
}

}  // namespace

absl::StatusOr<UiFiles> UiFiles::Load(const std::string& folder) {
  BB_ASSIGN_OR_RETURN(const Texts texts, ReadFolder(folder));
  UiFiles ui;
  for (const auto& [path, body] : texts) {
    if (path.ends_with(kPacked)) continue;
    const auto packed = texts.find(path + kPacked);
    ui.files_[path] = {.type = TypeOf(path),
                       .body = body,
                       .packed = packed == texts.end() ? "" : packed->second,
                       .tag = TagOf(body),
                       .for_ever = path.starts_with("/assets/")};
  }
  return ui;
}

const UiFiles::File* UiFiles::Find(std::string_view path) const {
  auto found = files_.find(path);
  if (found == files_.end() && CouldBeScreen(path)) found = files_.find(kPage);
  return found == files_.end() ? nullptr : &found->second;
}

Response UiFiles::Answer(const Request& request, bool encrypted) const {
  const File* const file = Find(request.path);
  Response response;
  response.fields = {{"Content-Security-Policy", kPolicy},
                     {"Cross-Origin-Opener-Policy", "same-origin"},
                     {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (encrypted) response.fields.emplace_back("Strict-Transport-Security", "max-age=31536000");
  if (file == nullptr) {
    response.status = 404;
    response.fields.emplace_back("Content-Type", "text/plain; charset=utf-8");
    response.body = "not found\n";
    return response;
  }
  const bool packs = !file->packed.empty() && TakesGzip(request.Field("accept-encoding"));
  // The two forms of a file differ in their octets, and so in their tags.
  const std::string tag = file->tag + (packs ? "-gzip" : "");
  response.fields.emplace_back("Cache-Control", file->for_ever ? kForEver : "no-cache");
  response.fields.emplace_back("Vary", "Accept-Encoding");
  response.fields.emplace_back("ETag", '"' + tag + '"');
  if (Holds(ParseIfNoneMatch(request.if_none_match), tag)) {
    response.status = 304;
    return response;
  }
  response.fields.emplace_back("Content-Type", file->type);
  if (packs) response.fields.emplace_back("Content-Encoding", "gzip");
  response.body = packs ? file->packed : file->body;
  return response;
}

}  // namespace brobygger::web
