#include "core/supervisor/manifest.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/status_macros.h"

namespace brobygger::supervisor {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kWireMajor = 1;
constexpr std::uintmax_t kLargestManifest = 64 << 10;

absl::Status Wrong(const std::string& text) { return absl::InvalidArgumentError(text); }

absl::StatusOr<std::string> TextOf(const json& object, const char* key, bool required) {
  const auto found = object.find(key);
  if (found == object.end()) {
    if (!required) return std::string();
    return Wrong(absl::StrCat("its manifest lacks \"", key, "\""));
  }
  if (!found->is_string()) return Wrong(absl::StrCat("\"", key, "\" in its manifest is not text"));
  return found->get<std::string>();
}

absl::StatusOr<std::vector<std::string>> TextsOf(const json& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end()) return texts;
  const auto is_text = [](const json& item) { return item.is_string(); };
  if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_text)) {
    return Wrong(absl::StrCat("\"", key, "\" in its manifest is not a list of texts"));
  }
  for (const json& item : *found) texts.push_back(item.get<std::string>());
  return texts;
}

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 ||
           std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
  });
}

absl::Status CheckManifest(const Manifest& manifest) {
  if (!IsName(manifest.name)) return Wrong("its \"name\" is not 1-64 of a-z, 0-9, '.', '-', '_'");
  if (manifest.kind != "dll" && manifest.kind != "exec") {
    return Wrong(absl::StrCat("its \"kind\" is \"", manifest.kind, "\", not \"dll\" or \"exec\""));
  }
  if (manifest.wire_major != kWireMajor) {
    return Wrong(absl::StrCat("it speaks version ", manifest.wire_major,
                              " of the plugin contract, and this hub version ", kWireMajor));
  }
  if (manifest.sha256.size() != 64) return Wrong("its \"sha256\" is not 64 hexadecimal digits");
  return absl::OkStatus();
}

struct Closer {
  int fd;
  ~Closer() { close(fd); }
};

absl::StatusOr<std::string> Sha256Of(int fd) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 64 << 10> buffer{};
  ssize_t got = 0;
  while ((got = read(fd, buffer.data(), buffer.size())) > 0) {
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(got));
  }
  if (got < 0) return Wrong(absl::StrCat("its file cannot be read: ", strerrordesc_np(errno)));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  return absl::BytesToHexString(std::string(digest.begin(), digest.begin() + size));
}

bool IsUnder(const fs::path& path, const fs::path& root) {
  const auto [root_end, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return root_end == root.end() && rest != path.end();
}

// Who may write a file or folder may decide what the hub runs.
absl::Status CheckOwner(const struct stat& info, const std::string& what) {
  if (info.st_uid != 0 && info.st_uid != geteuid()) {
    return Wrong(absl::StrCat(what, " is owned by user ", info.st_uid,
                              ", not by root or the hub's own user"));
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Wrong(absl::StrCat(what, " can be written by its group or by everybody; chmod go-w"));
  }
  return absl::OkStatus();
}

absl::Status CheckFolder(const fs::path& folder) {
  struct stat info {};
  if (stat(folder.c_str(), &info) != 0) {
    return Wrong(absl::StrCat("its folder cannot be read: ", strerrordesc_np(errno)));
  }
  return CheckOwner(info, "its folder");
}

absl::Status CheckFile(const fs::path& path, const fs::path& root, const Manifest& manifest) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return Wrong(absl::StrCat("its file ", path.string(), " is not there"));
  if (!IsUnder(real, root)) {
    return Wrong(absl::StrCat("its file ", real.string(), " is not under ", root.string()));
  }
  BB_RETURN_IF_ERROR(CheckFolder(real.parent_path()));
  // NONBLOCK: a FIFO in the file's place must not hold the hub up.
  const int fd = open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return Wrong(absl::StrCat("its file cannot be opened: ", strerrordesc_np(errno)));
  const Closer closer{fd};
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return Wrong(absl::StrCat("its file ", real.string(), " is not a regular file"));
  }
  BB_RETURN_IF_ERROR(CheckOwner(info, "its file"));
  BB_ASSIGN_OR_RETURN(const std::string digest, Sha256Of(fd));
  if (digest != manifest.sha256) {
    return Wrong("its file is not the one the manifest was made for: the sha256 differs");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadManifest(const fs::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return Wrong("its manifest is not a regular file");
  }
  BB_RETURN_IF_ERROR(CheckOwner(info, "its manifest"));
  if (static_cast<std::uintmax_t>(info.st_size) > kLargestManifest) {
    return Wrong("its manifest is larger than 64 KiB");
  }
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return Wrong("its manifest cannot be read");
  return text.str();
}

absl::Status FillIn(const fs::path& manifest_path, const fs::path& root, CatalogueEntry& entry) {
  BB_ASSIGN_OR_RETURN(const std::string text, ReadManifest(manifest_path));
  BB_ASSIGN_OR_RETURN(const Manifest manifest, ParseManifest(text));
  entry.file.plugin = manifest.name;
  entry.file.version = manifest.version;
  entry.file.kind = manifest.kind;
  entry.file.summary = manifest.summary;
  entry.args = manifest.args;
  const fs::path path = manifest_path.parent_path() / manifest.file;
  entry.file.path = path.lexically_normal().string();
  return CheckFile(path, root, manifest);
}

bool IsManifest(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "plugin.json" || name.ends_with(".plugin.json");
}

std::vector<fs::path> ManifestsUnder(const fs::path& root) {
  std::vector<fs::path> manifests;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(root, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() >= 1) it.disable_recursion_pending();
    if (IsManifest(it->path())) manifests.push_back(it->path());
  }
  std::sort(manifests.begin(), manifests.end());
  return manifests;
}

CatalogueEntry EntryOf(const fs::path& manifest_path, const fs::path& root) {
  CatalogueEntry entry;
  entry.file.path = manifest_path.string();
  const absl::Status status = FillIn(manifest_path, root, entry);
  if (!status.ok()) entry.file.refused_because = std::string(status.message());
  if (entry.file.plugin.empty()) entry.file.plugin = manifest_path.parent_path().filename();
  return entry;
}

}  // namespace

absl::StatusOr<Manifest> ParseManifest(const std::string& json_text) {
  const json object = json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Wrong("its manifest is not a JSON object");
  Manifest manifest;
  BB_ASSIGN_OR_RETURN(manifest.name, TextOf(object, "name", true));
  BB_ASSIGN_OR_RETURN(manifest.version, TextOf(object, "version", true));
  BB_ASSIGN_OR_RETURN(manifest.kind, TextOf(object, "kind", true));
  BB_ASSIGN_OR_RETURN(manifest.file, TextOf(object, "file", true));
  BB_ASSIGN_OR_RETURN(manifest.sha256, TextOf(object, "sha256", true));
  BB_ASSIGN_OR_RETURN(manifest.summary, TextOf(object, "summary", false));
  BB_ASSIGN_OR_RETURN(manifest.args, TextsOf(object, "args"));
  BB_ASSIGN_OR_RETURN(manifest.hosts, TextsOf(object, "hosts"));
  const auto wire = object.find("wire_major");
  if (wire == object.end() || !wire->is_number_unsigned()) {
    return Wrong("\"wire_major\" in its manifest is not a whole number");
  }
  manifest.wire_major = wire->get<int>();
  BB_RETURN_IF_ERROR(CheckManifest(manifest));
  return manifest;
}

absl::StatusOr<std::string> FileSha256(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Wrong(absl::StrCat(path, " cannot be opened: ", strerrordesc_np(errno)));
  const Closer closer{fd};
  return Sha256Of(fd);
}

std::vector<CatalogueEntry> ReadCatalogue(const std::vector<std::string>& roots) {
  std::vector<CatalogueEntry> entries;
  for (const std::string& wanted : roots) {
    std::error_code error;
    const fs::path root = fs::canonical(wanted, error);
    if (error) continue;
    for (const fs::path& path : ManifestsUnder(root)) entries.push_back(EntryOf(path, root));
  }
  std::set<std::string> names;
  for (CatalogueEntry& entry : entries) {
    const bool usable = entry.file.refused_because.empty();
    if (usable && !names.insert(entry.file.plugin).second) {
      entry.file.refused_because = "another file with this name was found first";
    }
  }
  const auto by_name = [](const CatalogueEntry& a, const CatalogueEntry& b) {
    return a.file.plugin < b.file.plugin;
  };
  std::stable_sort(entries.begin(), entries.end(), by_name);
  return entries;
}

}  // namespace brobygger::supervisor
