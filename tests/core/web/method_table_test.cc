#include "core/web/method_table.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

namespace brobygger::web {
namespace {

namespace fs = std::filesystem;

// "brobygger.registry.v1.RegistryService/GetAssociation" of every rpc in the protos.
std::set<std::string> MethodsInProtos() {
  std::set<std::string> methods;
  for (const auto& entry : fs::recursive_directory_iterator(BB_PROTOS)) {
    if (entry.path().extension() != ".proto") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string proto = text.str();
    std::smatch package;
    std::smatch service;
    if (!std::regex_search(proto, service, std::regex("\nservice (\\w+) \\{"))) continue;
    REQUIRE(std::regex_search(proto, package, std::regex("\npackage ([\\w.]+);")));
    const std::regex rpc("\n  rpc (\\w+)\\(");
    for (auto it = std::sregex_iterator(proto.begin(), proto.end(), rpc);
         it != std::sregex_iterator(); ++it) {
      methods.insert(package[1].str() + "." + service[1].str() + "/" + (*it)[1].str());
    }
  }
  return methods;
}

bool IsKept(const std::string& method) {
  return method.starts_with("brobygger.plugin.") ||
         method.find(".SignInService/") != std::string::npos ||
         method == "brobygger.access.v1.JoinService/Join" ||
         method == "brobygger.event.v1.EventService/GetFeed";
}

TEST_CASE(
    "every method of the hub can be called, but those that sign in and the one that a secret "
    "opens") {
  const MethodTable table;
  std::size_t count = 0;
  for (const std::string& method : MethodsInProtos()) {
    CAPTURE(method);
    const Method* const found = table.Find(method);
    CHECK((found == nullptr) == IsKept(method));
    if (found == nullptr) continue;
    CHECK(found->path == "/" + method);
    ++count;
  }
  CHECK(count > 150);
  CHECK(table.size() == count);
}

}  // namespace
}  // namespace brobygger::web
