#include "core/supervisor/manifest.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/core/supervisor/supervisor_fixture.h"

namespace brobygger::supervisor {
namespace {

namespace fs = std::filesystem;
using supervisor_tests::InstallPlugin;

// One plugin, "files.csv", that breaks no rule.
struct Root {
  Root() { InstallPlugin(root, "files.csv", "content"); }

  // Why it is refused; empty if it is not.
  std::string Refusal() const {
    const auto entries = ReadCatalogue({root.string()});
    REQUIRE(entries.size() == 1);
    return entries[0].file.refused_because;
  }
  void WriteManifest(const std::string& text) const { std::ofstream(manifest) << text; }

  supervisor_tests::TempFolder folder;
  fs::path root = folder.path() / "plugins";
  fs::path file = root / "files.csv" / "files.csv.so";
  fs::path manifest = root / "files.csv" / "plugin.json";
};

TEST_CASE_METHOD(Root, "a plugin that breaks no rule is found") {
  const auto entries = ReadCatalogue({root.string()});
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].file.refused_because.empty());
  CHECK(entries[0].file.plugin == "files.csv");
  CHECK(entries[0].file.version == "1.0.0");
  CHECK(entries[0].file.kind == "dll");
  CHECK(fs::path(entries[0].file.path) == fs::canonical(file));
  CHECK(ReadCatalogue({"/nonexistent"}).empty());
}

TEST_CASE_METHOD(Root, "a file that is not the manifest's is refused") {
  std::ofstream(file, std::ios::app) << "more";
  CHECK(Refusal().find("sha256 differs") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a file that others may write is refused") {
  fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
  CHECK(Refusal().find("its file can be written") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a file that its group may write is refused") {
  fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
  CHECK(Refusal().find("its file can be written") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a manifest or folder that others may write is refused") {
  fs::permissions(manifest, fs::perms::others_write, fs::perm_options::add);
  CHECK(Refusal().find("its manifest can be written") != std::string::npos);
  fs::permissions(manifest, fs::perms::others_write, fs::perm_options::remove);
  fs::permissions(file.parent_path(), fs::perms::others_write, fs::perm_options::add);
  CHECK(Refusal().find("its folder can be written") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a file of another user is refused") {
  if (geteuid() != 0) return;  // only root can give a file away
  REQUIRE(chown(file.c_str(), 12345, 12345) == 0);
  CHECK(Refusal().find("owned by user 12345") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a file outside the root is refused, also through a link") {
  const fs::path outside = folder.path() / "outside.so";
  fs::rename(file, outside);
  fs::create_symlink(outside, file);
  CHECK(Refusal().find("is not under") != std::string::npos);
}

TEST_CASE_METHOD(Root, "what is not a regular file is refused without waiting") {
  fs::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(Refusal().find("not a regular file") != std::string::npos);
  fs::remove(file);
  CHECK(Refusal().find("is not there") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a second plugin of the same name is refused") {
  const fs::path second = folder.path() / "second";
  InstallPlugin(second, "files.csv", "another");
  const auto entries = ReadCatalogue({root.string(), second.string()});
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].file.refused_because.empty());
  CHECK(entries[1].file.refused_because.find("another file with this name") != std::string::npos);
}

TEST_CASE_METHOD(Root, "a manifest that cannot be read names its folder") {
  WriteManifest("{");
  const auto entries = ReadCatalogue({root.string()});
  CHECK(entries[0].file.plugin == "files.csv");
  CHECK(entries[0].file.refused_because.find("not a JSON object") != std::string::npos);
}

std::string ManifestWith(const std::string& key, const std::string& value) {
  std::map<std::string, std::string> members = {
      {"name", R"("files.csv")"}, {"version", R"("1")"},
      {"kind", R"("dll")"},       {"wire_major", "1"},
      {"file", R"("a.so")"},      {"sha256", '"' + std::string(64, 'a') + '"'}};
  members[key] = value;
  std::string text;
  for (const auto& [name, member] : members) {
    if (!member.empty()) text += (text.empty() ? "{" : ",") + ('"' + name + "\":" + member);
  }
  return text + "}";
}

TEST_CASE("a manifest is read whole or refused with what is wrong") {
  CHECK(ParseManifest(ManifestWith("args", R"(["a","{file}"])"))->args.size() == 2);
  struct Case {
    const char* key;
    const char* value;
    const char* words;
  };
  const Case wrong = GENERATE(
      Case{"name", "", "lacks \"name\""}, Case{"name", R"("../x")", "\"name\" is not"},
      Case{"version", "1", "\"version\" in its manifest is not text"},
      Case{"kind", R"("jar")", "\"jar\""},
      Case{"wire_major", "2", "version 2 of the plugin contract, and this hub version 1"},
      Case{"wire_major", "-1", "not a whole number"}, Case{"sha256", R"("abc")", "64 hexadecimal"},
      Case{"args", R"([1])", "not a list of texts"});
  CAPTURE(wrong.key, wrong.value);
  const auto manifest = ParseManifest(ManifestWith(wrong.key, wrong.value));
  REQUIRE_FALSE(manifest.ok());
  CHECK(std::string(manifest.status().message()).find(wrong.words) != std::string::npos);
}

}  // namespace
}  // namespace brobygger::supervisor
