#include "core/collab/agreement.h"

#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an agreement says in plain words what was agreed, and by whom", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  REQUIRE(town.Answer(id, kOurs, 4, {{"money-1", 1}}).ok());
  REQUIRE(town.Answer(id, kTheirs, 5).ok());
  REQUIRE(town.Talk(id, "money-1", "Kommunen betaler for frivilligheden").ok());
  v1::SetTaskRequest task;
  task.set_collaboration_id(id);
  task.mutable_task()->set_title("Mad til 80");
  task.mutable_task()->set_owner_side(kTheirs);
  task.mutable_task()->set_due_date("2024-06-01");
  town.Do(
      [&](storage::Transaction& transaction) { return SetTask(transaction, task, town.employee); });
  v1::GetAgreementRequest request;
  request.set_collaboration_id(id);
  auto agreement = *GetAgreement(**town.store->Latest(), request, town.itself);
  CHECK(Holds(agreement.text(), "Aftale om samarbejde: Høstfest"));
  CHECK(Holds(agreement.text(), "En fest for hele kvarteret"));
  CHECK(Holds(agreement.text(), "Integration (tovholder)"));
  CHECK(Holds(agreement.text(), "Lanternen"));
  CHECK(Holds(agreement.text(), "Mad til 80 – foreningen, senest 2024-06-01"));
  CHECK(Holds(agreement.text(), "→ Kommunen betaler for frivilligheden"));
  CHECK(Holds(agreement.text(), "Vi ved, hvem der er tovholder"));
  CHECK(Holds(agreement.text(), "Begge parter har endnu ikke sagt ja"));
  CHECK(agreement.words_to_explain_size() == 1);
  CHECK(agreement.words_to_explain(0) == "frivillighed");

  REQUIRE(town.Accept(id, kOurs).ok());
  REQUIRE(town.Accept(id, kTheirs).ok());
  request.set_language_code("en");
  agreement = *GetAgreement(**town.store->Latest(), request, town.employee);
  CHECK(Holds(agreement.text(), "Both sides have said yes to this."));
  CHECK(Holds(agreement.text(), "We know who keeps it together"));
}

}  // namespace brobygger::collab
