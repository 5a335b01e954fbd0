// Which associations a meeting is with.
#include "core/contact/address_book.h"

#include "core/contact/case_work.h"
#include "tests/core/contact/town.h"

namespace brobygger::contact {
namespace {

std::vector<std::string> Ids(const std::vector<Recognised>& found) {
  std::vector<std::string> ids;
  for (const Recognised& each : found) ids.push_back(each.association_id);
  return ids;
}

TEST_CASE("the hub's digests are those of the plugins") {
  // The vector stands in tests/plugins/calendars/common, too.
  CHECK(Pseudonyms("key").Of("address", "lawan@lawan.example") ==
        "9e9bb1f4e6ea2c9286072fcf2550a7a4");
}

TEST_CASE("an association is recognised by what an employee says with a category") {
  Town town;
  const std::string lawan = town.Associate("Lawan Kurdisk Ungdom", {}, "99000007");
  const AddressBook book = town.Book();
  for (const std::string& code :
       {lawan, std::string("99000007"), std::string("lawan kurdisk UNGDOM"),
        std::string("  Lawan Kurdisk Ungdom ")}) {
    const auto found = book.Recognise(town.Ask({code}, {}), true);
    INFO(code);
    REQUIRE(found.size() == 1);
    CHECK(found[0].association_id == lawan);
    CHECK(found[0].basis == Touchpoint::BASIS_CATEGORY);
    CHECK_FALSE(found[0].in_review);
  }
  CHECK(book.Recognise(town.Ask({"Lawan"}, {}), true).empty());
}

TEST_CASE("an association is recognised by an address it gave, then by its own domain") {
  Town town;
  const std::string lawan = town.Associate("Lawan", {"Kontakt@Lawan.example"});
  const std::string page =
      town.Associate("Havnens Venner", {}, "", "https://www.havnen.example/om");
  const AddressBook book = town.Book();
  const auto by_address = book.Recognise(town.Ask({}, {"kontakt@lawan.example"}), false);
  REQUIRE(by_address.size() == 1);
  CHECK(by_address[0].association_id == lawan);
  CHECK(by_address[0].basis == Touchpoint::BASIS_ADDRESS);
  const auto by_domain = book.Recognise(town.Ask({}, {"formand@lawan.example"}), false);
  REQUIRE(by_domain.size() == 1);
  CHECK(by_domain[0].basis == Touchpoint::BASIS_DOMAIN);
  CHECK(Ids(book.Recognise(town.Ask({}, {"x@havnen.example"}), false)) ==
        std::vector<std::string>{page});
  CHECK(book.Recognise(town.Ask({}, {"kontakt@lawan.example"}), true).empty());
}

TEST_CASE("a domain that many share says nothing") {
  Town town;
  town.Associate("Lawan", {"lawan@gmail.com"}, "", "https://lawan.wordpress.com");
  town.Associate("Havnens Venner", {"havnen@fjordby.example"});
  town.Department("Integration", "integration@fjordby.example");
  const AddressBook book = town.Book();
  CHECK(book.Recognise(town.Ask({}, {"anna@gmail.com"}), false).empty());
  CHECK(book.Recognise(town.Ask({}, {"x@lawan.wordpress.com"}), false).empty());
  town.Associate("Kor Nord", {"nord@foreninger.example"});
  town.Associate("Kor Syd", {"syd@foreninger.example"});
  CHECK(town.Book().Recognise(town.Ask({}, {"vest@foreninger.example"}), false).empty());
  CHECK(town.Book().Recognise(town.Ask({}, {"syd@foreninger.example"}), false).size() == 1);
  // The municipality's own staff is at every meeting.
  CHECK(book.Recognise(town.Ask({}, {"jens@fjordby.example"}), false).empty());
  CHECK(book.Recognise(town.Ask({}, {"integration@fjordby.example"}), false).empty());
  CHECK(book.Recognise(town.Ask({}, {"lawan@gmail.com"}), false).size() == 1);
}

TEST_CASE("what belongs to several is for a person, and a stronger sign is not in doubt") {
  Town town;
  const std::string one =
      town.Associate("Somalisk Forening Nord", {"post@somali.example"}, "99000007");
  const std::string two = town.Associate("Somalisk Forening Syd", {"post@somali.example"});
  const AddressBook book = town.Book();
  const auto both = book.Recognise(town.Ask({}, {"post@somali.example"}), false);
  REQUIRE(both.size() == 2);
  CHECK(both[0].in_review);
  CHECK(both[1].in_review);
  const auto said = book.Recognise(town.Ask({"99000007"}, {"post@somali.example"}), false);
  for (const Recognised& each : said) CHECK(each.in_review == (each.association_id == two));
}

TEST_CASE("what an employee wrote before a change of name still means the same") {
  Town town;
  const std::string lawan = town.Associate("Lawan Ungdom");
  registry::v1::Association renamed;
  renamed.set_id(lawan);
  renamed.set_official_name("Lawan");
  renamed.add_other_names()->set_text("Lawan Ungdom");
  google::protobuf::FieldMask mask;
  mask.add_paths("official_name");
  mask.add_paths("other_names");
  REQUIRE(town.Write([&](storage::Transaction& transaction) {
                return registry::UpdateAssociation(transaction, renamed, mask, "operator");
              })
              .ok());
  CHECK(Ids(town.Book().Recognise(town.Ask({"Lawan Ungdom"}, {}), true)) ==
        std::vector<std::string>{lawan});
}

TEST_CASE("a department's mailbox is noticed at once") {
  Town town;
  AddressBooks books("key");
  town.Associate("Lawan", {"kontakt@fjordby.example"});
  const Asked staff = town.Ask({}, {"jens@fjordby.example"});
  CHECK((*books.Get(**town.store->Latest()))->Recognise(staff, false).size() == 1);
  town.Department("Integration", "integration@fjordby.example");
  CHECK((*books.Get(**town.store->Latest()))->Recognise(staff, false).empty());
}

TEST_CASE("deleted associations are not recognised, and a change is noticed") {
  Town town;
  AddressBooks books("key");
  const std::string lawan = town.Associate("Lawan", {"kontakt@lawan.example"});
  const auto first = books.Get(**town.store->Latest());
  REQUIRE(first.ok());
  CHECK(*books.Get(**town.store->Latest()) == *first);
  REQUIRE(town.Write([&](storage::Transaction& transaction) {
                return registry::DeleteAssociation(transaction, lawan, "", "operator");
              })
              .ok());
  const auto second = books.Get(**town.store->Latest());
  CHECK((*second)->Recognise(town.Ask({}, {"kontakt@lawan.example"}), false).empty());
  CHECK((*second)->fingerprint() != (*first)->fingerprint());
}

TEST_CASE("departments that decide in citizens' cases are known by name unless somebody said") {
  const auto does = [](const std::string& name, registry::v1::Department::CaseWork said = {}) {
    registry::v1::Department department;
    department.set_official_name(name);
    department.set_case_work(said);
    return DoesCaseWork(department);
  };
  for (const char* const name :
       {"Jobcenter Fjordby", "Social og Sundhed", "Borgerservice", "Center for Beskæftigelse",
        "Børn og Familie", "Job og Vækst", "Sygedagpenge", "Hjemmeplejen Nord", "Børn og Unge",
        "Flygtninge og ydelser", "Tandplejen"}) {
    INFO(name);
    CHECK(does(name));
  }
  for (const char* const name :
       {"Kultur og Fritid", "Integration", "Folkebiblioteket", "Integration og Medborgerskab",
        "Boligsocial helhedsplan", "Børnekulturhuset", "Ungdomsskolen"}) {
    INFO(name);
    CHECK_FALSE(does(name));
  }
  CHECK_FALSE(does("Sundhedshuset", registry::v1::Department::CASE_WORK_NO));
  CHECK(does("Integration", registry::v1::Department::CASE_WORK_YES));
}

}  // namespace
}  // namespace brobygger::contact
