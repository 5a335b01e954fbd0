// Random histories of telling, editing, merging and taking back: nothing that a
// source said is lost, a merge and its undo are nothing, and every id leads
// somewhere.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/registry/merge.h"
#include "core/registry/records.h"
#include "tests/core/registry/identity_fixture.h"

namespace brobygger::registry {
namespace {

using idv1::Decision;

constexpr int kSources = 6;
constexpr int kSteps = 60;
const std::vector<std::string> kPaths = {"official_name", "purpose.da", "founded_date", "emails",
                                         "coverage_area"};

class History {
 public:
  explicit History(std::uint32_t seed) : random_(seed) {
    for (int i = 0; i < kSources; ++i) {
      const Told told{"kilde" + std::to_string(i % 3),
                      std::to_string(i),
                      {{"official_name", Text("official_name")}, {kPaths[1], Text(kPaths[1])}}};
      ids_.push_back(fixture_.Make(told).id());
      auto& said = said_[told.connection + "\n" + told.external_id];
      for (const auto& [path, text] : told.fields) said[path] = text;
    }
  }

  void Run() {
    for (step_ = 0; step_ < kSteps; ++step_) {
      CAPTURE(step_);
      switch (Pick(5)) {
        case 0:
          Edit();
          break;
        case 1:
        case 2:
          Tell();
          break;
        case 3:
          MergeAndMaybeUndo();
          break;
        default:
          UndoOne();
      }
      CheckNothingLost();
      CheckIdsLead();
    }
  }

 private:
  std::size_t Pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }

  std::string Text(const std::string& path) {
    const std::string number = std::to_string(Pick(30));
    if (path == "founded_date") return "19" + std::to_string(10 + Pick(80)) + "-01-01";
    if (path == "emails") return R"(["post)" + number + R"(@forening.example"])";
    return "Tekst nummer " + number;
  }

  std::vector<std::string> Live() {
    std::vector<std::string> live;
    for (const std::string& id : ids_) {
      if (!fixture_.Get(id).has_delete_time()) live.push_back(id);
    }
    return live;
  }

  // A person changes a field.
  void Edit() {
    const auto live = Live();
    v1::Association wanted = fixture_.Get(live[Pick(live.size())]);
    const std::string& path = kPaths[Pick(kPaths.size())];
    REQUIRE(model::SetFieldText(wanted, path, Text(path)).ok());
    google::protobuf::FieldMask mask;
    mask.add_paths(path.substr(0, path.find('.')));
    const auto written = fixture_.Write([&](auto& transaction) {
      return UpdateAssociation(transaction, wanted, mask, "operator");
    });
    INFO(written.status());
    REQUIRE(written.ok());
  }

  // A source tells something else; the registry takes it, or keeps it beside.
  void Tell() {
    const auto live = Live();
    v1::Association before = fixture_.Get(live[Pick(live.size())]);
    std::vector<v1::Provenance> sources;
    for (const auto& statement : before.provenance()) {
      if (!statement.connection_id().empty()) sources.push_back(statement);
    }
    if (sources.empty()) return;
    const v1::Provenance who = sources[Pick(sources.size())];
    const std::string& path = kPaths[Pick(kPaths.size())];
    const std::string text = Text(path);
    v1::Association next = before;
    if (Pick(2) == 0) {
      REQUIRE(model::SetFieldText(next, path, text).ok());
      model::SettleStatements(before, next);
      model::RecordStatement(next, who, {path});
    } else if (!model::SameValue(path, TextAt(next, path), text)) {
      model::RecordOtherValue(next, who, path, text);
    } else {
      model::RecordStatement(next, who, {path});
    }
    said_[SourceKey(who)][path] = text;
    const auto told =
        fixture_.Write([&](auto& transaction) { return IngestAssociation(transaction, next); });
    INFO(told.status());
    REQUIRE(told.ok());
  }

  void MergeAndMaybeUndo() {
    const auto live = Live();
    if (live.size() < 2) return;
    const std::size_t first = Pick(live.size());
    const std::size_t second = (first + 1 + Pick(live.size() - 1)) % live.size();
    const auto left = fixture_.Get(live[first]);
    const auto right = fixture_.Get(live[second]);
    const auto said = fixture_.Say(left.id(), Decision::KIND_SAME, right.id(), true);
    INFO(said.status());
    REQUIRE(said.ok());
    CheckNothingLost();
    if (Pick(2) == 0) {
      merges_.push_back(said->decision().id());
      return;
    }
    const auto undone = fixture_.Undo(said->decision().id());
    INFO(undone.status());
    REQUIRE(undone.ok());
    CHECK(undone->conflicts().empty());
    CHECK(SameButForWrite(left, fixture_.Get(left.id())));
    CHECK(SameButForWrite(right, fixture_.Get(right.id())));
  }

  // In any order: one whose survivor was merged on is refused, and nothing changes.
  void UndoOne() {
    if (merges_.empty()) return;
    const std::size_t which = Pick(merges_.size());
    const auto undone = fixture_.Undo(merges_[which]);
    if (undone.ok()) {
      merges_.erase(merges_.begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      CHECK(base::ReasonOf(undone.status()) == errors::v1::ERROR_REASON_MERGE_CONFLICT);
    }
  }

  // Every source's words stand in exactly one live association.
  void CheckNothingLost() {
    std::map<std::string, int> found;
    for (const std::string& id : Live()) {
      const auto association = fixture_.Get(id);
      for (const auto& statement : association.provenance()) {
        if (statement.connection_id().empty()) continue;
        const std::string key = SourceKey(statement);
        ++found[key];
        const auto said = SaidIn(association, statement);
        for (const auto& [path, text] : said_.at(key)) {
          CAPTURE(key, path, text, said.count(path) > 0 ? said.at(path) : "(nothing)");
          CHECK((said.count(path) > 0 && model::SameValue(path, said.at(path), text)));
        }
      }
    }
    CHECK(found.size() == said_.size());
    for (const auto& [key, times] : found) {
      CAPTURE(key);
      CHECK(times == 1);
    }
  }

  void CheckIdsLead() {
    for (const std::string& id : ids_) {
      const auto root = FollowMerges(*fixture_.Latest(), id);
      REQUIRE(root.ok());
      REQUIRE(root->has_value());
      CHECK_FALSE((*root)->has_delete_time());
      CHECK((*root)->id() == fixture_.identity.RootOf(id));
    }
  }

  IdentityFixture fixture_;
  std::mt19937 random_;
  int step_ = 0;
  std::vector<std::string> ids_;
  std::vector<std::string> merges_;
  // By source: what it last told, by path.
  std::map<std::string, std::map<std::string, std::string>> said_;
};

TEST_CASE("whatever is told, edited, merged and taken back, nothing that a source said is lost") {
  const std::uint32_t first = std::random_device()();
  for (std::uint32_t seed = first; seed < first + 30; ++seed) {
    CAPTURE(seed);
    History(seed).Run();
  }
}

}  // namespace
}  // namespace brobygger::registry
