#include "core/web/ui_files.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

struct Ui {
  Ui() {
    Put("index.html", "<p>page</p>");
    Put("assets/app-1a2b.js", "script");
    Put("assets/app-1a2b.js.gz", "packed");
    Put("icon.svg", "<svg/>");
  }
  void Put(const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Response Get(const std::string& path,
               const std::string& accepts = "",
               const std::string& if_none_match = "") {
    auto files = UiFiles::Load(folder.path());
    REQUIRE(files.ok());
    Request request;
    request.path = path;
    request.if_none_match = if_none_match;
    if (!accepts.empty()) request.fields["accept-encoding"] = accepts;
    return files->Answer(request, true);
  }
  static std::string Field(const Response& response, const std::string& name) {
    for (const auto& [field, value] : response.fields) {
      if (field == name) return value;
    }
    return "";
  }

  support::TempFolder folder;
};

TEST_CASE_METHOD(Ui, "every path that could be a screen is the page") {
  for (const char* const path : {"/", "/index.html", "/foreninger/1b2c", "/hvem-kender-hvem"}) {
    const Response page = Get(path);
    CHECK(page.status == 200);
    CHECK(page.body == "<p>page</p>");
    CHECK(Field(page, "Content-Type") == "text/html; charset=utf-8");
    CHECK(Field(page, "Cache-Control") == "no-cache");
  }
}

TEST_CASE_METHOD(Ui, "a file that is not there is not found, and nothing outside is") {
  for (const char* const path : {"/robots.txt", "/../etc/passwd.txt", "/assets/app-1a2b.js.gz",
                                 "/assets/../index.htm.l", "//index.html", "/.hidden"}) {
    CAPTURE(path);
    CHECK(Get(path).status == 404);
  }
}

TEST_CASE_METHOD(Ui,
                 "a file with a digest in its name is kept for ever, and packed where it may be") {
  const Response plain = Get("/assets/app-1a2b.js");
  CHECK(plain.body == "script");
  CHECK(Field(plain, "Cache-Control") == "public, max-age=31536000, immutable");
  const Response packed = Get("/assets/app-1a2b.js", "br, gzip;q=0.5");
  CHECK(packed.body == "packed");
  CHECK(Field(packed, "Content-Encoding") == "gzip");
  CHECK(Field(packed, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(Field(packed, "Vary") == "Accept-Encoding");
  CHECK(Field(packed, "ETag") != Field(plain, "ETag"));
  CHECK(Get("/assets/app-1a2b.js", "gzip;q=0").body == "script");
}

TEST_CASE_METHOD(Ui, "a browser that has a file is not sent it again") {
  const std::string tag = Field(Get("/"), "ETag");
  const Response again = Get("/", "", tag);
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(Get("/", "", "\"other\"").status == 200);
}

TEST_CASE_METHOD(Ui, "the page may load from the door alone, and stand in nobody's frame") {
  const std::string policy = Field(Get("/"), "Content-Security-Policy");
  for (const char* const part :
       {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"}) {
    CHECK(policy.find(part) != std::string::npos);
  }
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(Field(Get("/"), "Strict-Transport-Security") == "max-age=31536000");
}

TEST_CASE_METHOD(Ui, "a folder without a page stops the start and says what to do") {
  std::filesystem::remove(folder.path() / "index.html");
  const auto files = UiFiles::Load(folder.path());
  CHECK(absl::IsFailedPrecondition(files.status()));
  CHECK(std::string(files.status().message()).find("core/web/ui/make") != std::string::npos);
  CHECK_FALSE(UiFiles::Load("/no/such/folder").ok());
}

TEST_CASE_METHOD(Ui, "links out of the folder are not followed") {
  std::filesystem::create_symlink("/etc/hostname", folder.path() / "name.txt");
  CHECK(Get("/name.txt").status == 404);
}

}  // namespace
}  // namespace brobygger::web
