#include "core/cli/directory_file.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/cli/csv_file.h"
#include "core/cli/department_import.h"
#include "tests/support/temp_folder.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;

constexpr char kCulture[] = "00000000-0000-4000-8000-000000000001";
constexpr char kSports[] = "00000000-0000-4000-8000-000000000002";

class Folder {
 public:
  std::string File(const std::string& text) {
    const auto path = folder_.path() / "enheder.csv";
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  // The error with the folder's name taken off.
  std::string Refused(const std::string& text) {
    const auto file = ReadDirectory(File(text));
    REQUIRE_FALSE(file.ok());
    std::string message(file.status().message());
    return message.substr(message.find("enheder.csv"));
  }

 private:
  support::TempFolder folder_;
};

TEST_CASE_METHOD(Folder, "an export with English headings is read") {
  const auto file = ReadDirectory(File(
      "uuid,name,parent_uuid,user_key,email,phone,valid_from,valid_to\n" + std::string(kCulture) +
      ",Kultur,,KUL,kultur@fjordby.example,10550101,2020-01-01,2026-12-31\n" + kSports + ",Sport," +
      kCulture + ",SPO,,,,\n"));
  INFO(file.status());
  REQUIRE(file.ok());
  REQUIRE(file->departments.size() == 2);
  const Department& culture = file->departments[0];
  CHECK(culture.os2mo_id() == kCulture);
  CHECK(culture.contact_email() == "kultur@fjordby.example");
  CHECK(culture.contact_phone() == "10550101");
  CHECK(culture.valid().from_date() == "2020-01-01");
  // The directory says the last day, the record the first that is no longer.
  CHECK(culture.valid().to_date() == "2027-01-01");
  CHECK(file->departments[1].parent_department_id() == kCulture);
  CHECK_FALSE(file->departments[1].has_valid());
}

TEST_CASE_METHOD(Folder, "a Danish export is read however an office program wrote it") {
  const std::string rows =
      std::string(kCulture) + ";B\xC3\xB8rn og Unge;;01-02-2020;31-12-9999\r\n";
  const std::string latin = std::string(kCulture) + ";B\xF8rn og Unge;;01-02-2020;31-12-9999\r\n";
  const std::string head = "UUID;Navn;Overordnet;Gyldig fra;Gyldig til\r\n";
  for (const std::string& text : {head + rows, "\xEF\xBB\xBF" + head + rows, head + latin}) {
    const auto file = ReadDirectory(File(text));
    INFO(file.status());
    REQUIRE(file.ok());
    CHECK(file->departments[0].official_name() == "Børn og Unge");
    CHECK(file->departments[0].valid().from_date() == "2020-02-01");
    CHECK(file->departments[0].valid().to_date().empty());
  }
}

TEST_CASE_METHOD(Folder, "an instant is the day that it falls on in Denmark") {
  const auto file =
      ReadDirectory(File("uuid,name,parent_uuid,valid_from,valid_to\n" + std::string(kCulture) +
                         ",Kultur,,2019-12-31T23:00:00Z,2026-06-30T00:00:00+02:00\n"));
  INFO(file.status());
  REQUIRE(file.ok());
  CHECK(file->departments[0].valid().from_date() == "2020-01-01");
  CHECK(file->departments[0].valid().to_date() == "2026-07-01");
}

TEST_CASE_METHOD(Folder, "a parent is named by its uuid, its user key or its name") {
  for (const std::string parent : {kCulture, "KUL", "Kultur"}) {
    CAPTURE(parent);
    const auto file =
        ReadDirectory(File("uuid;navn;overordnet;user_key\n" + std::string(kSports) + ";Sport;" +
                           parent + ";SPO\n" + kCulture + ";Kultur;;KUL\n"));
    INFO(file.status());
    REQUIRE(file.ok());
    CHECK(file->departments[0].parent_department_id() == kCulture);
  }
}

TEST_CASE_METHOD(Folder,
                 "what is wrong is said by file and line, also below a field of two lines") {
  const std::string head = "uuid,navn,overordnet,gyldig til\n";
  const std::string good = std::string(kCulture) + ",\"Kultur\nog Fritid\",,\n\n";
  CHECK(Refused("uuid,overordnet\n") ==
        "enheder.csv:1: no column is headed name or navn or enhedsnavn");
  CHECK(Refused(head + good + kSports + ",Sport,,31-02-2026\n") ==
        "enheder.csv:5: gyldig til '31-02-2026' is not a date; write 2026-01-31 or 31-01-2026");
  CHECK(Refused(head + good + kSports + ",Sport,ABC,\n") ==
        "enheder.csv:5: overordnet 'ABC' is neither a uuid nor a user key or name of the file");
  CHECK(Refused(head + good + kSports + ",Sport\n") ==
        "enheder.csv:5: has 2 fields where the headings are 4");
  CHECK(Refused(head + good + "\"" + kSports + ",Sport,,\n")
            .starts_with("enheder.csv:5: a quotation"));
  CHECK(Refused(std::string("u\0u\0", 4)) ==
        "enheder.csv: is no text, or UTF-16; save it as UTF-8");
  CHECK(Refused("") == "enheder.csv: is empty");
}

TEST_CASE_METHOD(Folder, "two units of one name are not guessed between") {
  const std::string rows = std::string(kCulture) + ",Kultur,\n" + kSports + ",Kultur,\n";
  CHECK(Refused("uuid,navn,overordnet\n" + rows + "x,Haller,Kultur\n") ==
        "enheder.csv:4: overordnet 'Kultur' may be several units of the file; name it by its uuid");
}

TEST_CASE_METHOD(Folder, "the hub's word about a row is said by its line and its heading") {
  const auto file =
      ReadDirectory(File("uuid,Navn,overordnet\n\n" + std::string(kCulture) + ",,\n"));
  REQUIRE(file.ok());
  const auto from_hub = base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                                        "departments[0].official_name is required and is empty.",
                                        {{"field", "departments[0].official_name"}});
  const auto said = AtLine(*file, from_hub);
  CHECK(std::string(said.message()).ends_with("enheder.csv:3: Navn is required and is empty."));
  CHECK(base::ReasonOf(said) == errors::v1::ERROR_REASON_FIELD_INVALID);
  const auto other = absl::UnavailableError("no hub");
  CHECK(AtLine(*file, other) == other);
}

TEST_CASE("a unit that is new and called as a department made by hand is pointed out") {
  Department by_hand;
  by_hand.set_official_name("Kultur og Fritid");
  Department known = by_hand;
  known.set_os2mo_id(kSports);
  DirectoryFile file;
  file.departments.emplace_back().set_os2mo_id(kCulture);
  file.departments[0].set_official_name("KULTUR og fritid");
  CHECK(Namesakes({by_hand, known}, file) ==
        std::vector<std::string>{"Kultur og Fritid (" + std::string(kCulture) + ")"});
  CHECK(Namesakes({known}, file).empty());
  file.departments[0].set_os2mo_id(kSports);
  CHECK(Namesakes({by_hand, known}, file).empty());
}

TEST_CASE("an import says what it did or would do") {
  registry::v1::ImportDepartmentsResponse response;
  response.set_created_count(3);
  response.set_unchanged_count(40);
  CHECK(ImportText(response, false) == "3 created, 0 changed, 40 as before.");
  CHECK(ImportText(response, true) ==
        "Nothing is done yet; it would be: 3 created, 0 changed, 40 as before.");
}

}  // namespace
}  // namespace brobygger::cli
