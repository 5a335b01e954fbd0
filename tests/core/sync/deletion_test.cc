// Associations and records that people delete, and delete again, on both sides.
#include "core/registry/edit.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

struct DeletingHub : TwoWayHub {
  void Delete(bool undelete = false) {
    const std::string id = Associations(/*deleted=*/true).at(0).id();
    const auto written = store->Write("anette", [&](storage::Transaction& transaction) {
      return undelete ? registry::UndeleteAssociation(transaction, id, "", "anette").status()
                      : registry::DeleteAssociation(transaction, id, "", "anette").status();
    });
    INFO(written.status());
    REQUIRE(written.ok());
  }
};

TEST_CASE("what both sides changed before a deletion counts when it is taken back") {
  DeletingHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.Delete();
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.Sync();
  hub.Sync();
  CHECK(hub.source.Text("1", "status") == "DELETED");
  CHECK(hub.source.Text("1", "tlf") == "11111111");
  CHECK(hub.Plan().part_count() == 0);
  hub.Delete(/*undelete=*/true);
  hub.Sync();
  CHECK(hub.source.Text("1", "status").empty());
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.source.Text("1", "formaal") == "At lave mad sammen");
  CHECK(hub.Associations().at(0).purpose().by_language().at("da") == "At lave mad sammen");
  hub.Sync();
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a conflict about a record that was gone is over when the record is back") {
  DeletingHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.Sync();
  hub.EditPhone("33333333");
  hub.source.TakeAway("1");
  hub.source.Tell("2", TwoWayHub::Row("Sprogcafeen Ved Havnen", "", ""));
  hub.Sync();
  CHECK(hub.Conflicts().size() == 1);
  hub.source.BringBack("1");
  hub.Sync();
  CHECK(hub.Conflicts().empty());
  CHECK(hub.source.Text("1", "tlf") == "33333333");
}

}  // namespace
}  // namespace brobygger::sync
