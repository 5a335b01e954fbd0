#include "core/conformance/installation.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>

#include "core/base/status_macros.h"
#include "core/conformance/case.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kPlace[] = "plugin";
constexpr char kManifest[] = "plugin.json";

// A copy of the plugin's files in `to`, without the manifests of others in its folder.
void Copy(const Bench& bench, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directories(to);
  for (const auto& file : fs::directory_iterator(fs::path(bench.manifest()).parent_path())) {
    const std::string name = file.path().filename().string();
    if (file.is_regular_file() && !name.ends_with(kManifest)) fs::copy_file(file.path(), to / name);
  }
  fs::copy_file(bench.manifest(), to / kManifest);
  fs::permissions(to, fs::perms::owner_all, fs::perm_options::replace);
}

absl::Status MakeNext(const fs::path& folder, Installation::Next next) {
  json manifest = json::parse(std::ifstream(folder / kManifest));
  manifest["version"] = kNextVersion;
  if (next == Installation::Next::kFails) {
    const fs::path file = folder / manifest["file"].get<std::string>();
    std::ofstream(file, std::ios::trunc) << "no library and no program";
    BB_ASSIGN_OR_RETURN(manifest["sha256"], supervisor::FileSha256(file.string()));
  }
  std::ofstream out(folder / kManifest, std::ios::trunc);
  out << manifest.dump();
  out.close();
  return Expect(static_cast<bool>(out), "the kit cannot write the other version's manifest");
}

}  // namespace

absl::StatusOr<Installation> Installation::Make(const Bench& bench, Next next) {
  const Installation made(bench.folder() / "installed", bench.folder() / "beside");
  Copy(bench, made.root_ / kPlace);
  Copy(bench, made.beside_ / kPlace);
  BB_RETURN_IF_ERROR(MakeNext(made.beside_ / kPlace, next));
  return made;
}

absl::Status Installation::Exchange() const {
  const fs::path place = root_ / kPlace;
  const fs::path other = beside_ / kPlace;
  const int failed = renameat2(AT_FDCWD, place.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
  return Expect(failed == 0, absl::StrCat("the kit cannot exchange the plugin's folders: ",
                                          strerrordesc_np(errno)));
}

}  // namespace brobygger::conformance
