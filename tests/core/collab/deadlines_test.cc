#include "core/collab/deadlines.h"

#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

void SetTask(WorkingTown& town,
             const std::string& id,
             const std::string& title,
             const std::string& due,
             v1::TaskState state = v1::TASK_STATE_OPEN) {
  v1::SetTaskRequest request;
  request.set_collaboration_id(id);
  request.mutable_task()->set_title(title);
  request.mutable_task()->set_due_date(due);
  request.mutable_task()->set_state(state);
  town.Do([&](storage::Transaction& transaction) {
    return SetTask(transaction, request, town.employee);
  });
}

std::vector<std::string> Owed(WorkingTown& town, const std::string& department) {
  const auto deadlines = DeadlinesOf(**town.store->Latest(), department, "2024-01-01");
  REQUIRE(deadlines.ok());
  std::vector<std::string> titles;
  for (const Deadline& each : *deadlines) titles.push_back(each.task_title + " " + each.due_date);
  return titles;
}

}  // namespace

TEST_CASE("what is still to be done together has its day, and nothing else has", "[collab]") {
  WorkingTown town;
  const auto festival = town.Festival();
  SetTask(town, festival.id(), "Telt", "2024-06-01");
  SetTask(town, festival.id(), "Mad", "2024-06-02", v1::TASK_STATE_DONE);
  SetTask(town, festival.id(), "Musik", "2024-06-03", v1::TASK_STATE_DROPPED);
  SetTask(town, festival.id(), "Lys", "");
  SetTask(town, festival.id(), "For længe siden", "2023-12-31");
  CHECK(Owed(town, town.department) == std::vector<std::string>{"Telt 2024-06-01"});
  CHECK(Owed(town, town.Department("En anden")).empty());
  REQUIRE(town.Move(festival.id(), v1::COLLABORATION_STATE_DROPPED, "ingen tid").ok());
  CHECK(Owed(town, town.department).empty());
}

}  // namespace brobygger::collab
