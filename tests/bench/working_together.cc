// Fills a hub's data folder with what a region works on together, and tells what single questions
// and writes of it cost. Run by hand:
//
//   bench_working_together FOLDER
//
// then a hub on that folder, and commands against it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/advice/triggers.h"
#include "core/base/status_macros.h"
#include "core/collab/alignment.h"
#include "core/collab/collaborations.h"
#include "core/collab/resource_check.h"
#include "core/collab/resource_statements.h"
#include "core/registry/edit.h"
#include "core/report/programmes.h"
#include "core/report/report.h"
#include "core/storage/sqlite/sqlite_store.h"

namespace brobygger::bench {
namespace {

using collab::v1::Collaboration;
using storage::Transaction;

constexpr int kAssociations = 2'000;
constexpr int kCollaborations = 5'000;
constexpr int kTasksEach = 10;
constexpr int kResourceChecks = 10'000;
constexpr int kAtOnce = 500;
constexpr int kRounds = 21;

const collab::Actor kEmployee = {"bench"};

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_working_together: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

// Does `one(transaction, i)` so many times, many a commit.
template <typename One>
void Fill(storage::Store& store, int count, const One& one) {
  for (int done = 0; done < count; done += kAtOnce) {
    const auto body = [&](Transaction& transaction) -> absl::Status {
      for (int i = done; i < std::min(done + kAtOnce, count); ++i) {
        BB_RETURN_IF_ERROR(one(transaction, i));
      }
      return absl::OkStatus();
    };
    Check(store.Write("bench", body).status());
  }
}

struct Filled {
  std::vector<std::string> departments;
  std::vector<std::string> associations;
  std::vector<std::string> collaborations;
};

collab::v1::CreateCollaborationRequest Wanted(const Filled& filled, int i) {
  collab::v1::CreateCollaborationRequest request;
  // Every other one is over.
  const bool over = i % 2 == 0;
  request.set_recorded_afterwards(over);
  Collaboration& wanted = *request.mutable_collaboration();
  wanted.set_title(fmt::format("Samarbejde {}", i));
  (*wanted.mutable_aim()->mutable_by_language())["da"] = "Et fælles mål for hele kvarteret";
  wanted.set_start_date(fmt::format("20{:02}-{:02}-01", 20 + i % 5, i % 12 + 1));
  if (over) wanted.set_end_date("2026-01-31");
  auto& department = *request.add_parties();
  department.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  department.set_department_id(filled.departments[i % filled.departments.size()]);
  department.add_roles(collab::v1::PARTY_ROLE_LEAD);
  auto& association = *request.add_parties();
  association.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
  association.set_association_id(filled.associations[i * 7 % filled.associations.size()]);
  return request;
}

absl::Status AddTasks(Transaction& transaction, const std::string& id) {
  for (int i = 0; i < kTasksEach; ++i) {
    collab::v1::SetTaskRequest request;
    request.set_collaboration_id(id);
    request.mutable_task()->set_title(fmt::format("Opgave nummer {}", i));
    request.mutable_task()->set_owner_side(i % 2 == 0 ? collab::v1::COLLABORATION_SIDE_MUNICIPALITY
                                                      : collab::v1::COLLABORATION_SIDE_ASSOCIATION);
    request.mutable_task()->set_due_date("2027-03-01");
    BB_RETURN_IF_ERROR(collab::SetTask(transaction, request, kEmployee).status());
  }
  return absl::OkStatus();
}

absl::Status AddCheck(Transaction& transaction, const Filled& filled, int i) {
  collab::v1::ResourceCheck check;
  check.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
  check.set_subject_id(filled.associations[i % filled.associations.size()]);
  check.set_mode(collab::v1::RESOURCE_CHECK_MODE_TOGETHER);
  check.set_shared(true);
  check.set_date(fmt::format("20{:02}-05-01", 22 + i / kAssociations));
  for (const auto& each : collab::ShippedResourceStatements().of_associations) {
    auto& score = *check.add_scores();
    score.set_statement_id(each.id());
    score.set_score(i % 5 + 1);
  }
  return collab::RecordResourceCheck(transaction, check, kEmployee,
                                     collab::ShippedResourceStatements())
      .status();
}

void FillPlaces(storage::Store& store, Filled& filled) {
  for (const char* code : {"0615", "0169", "0621", "0253", "0219"}) {
    Fill(store, 4, [&](Transaction& transaction, int i) -> absl::Status {
      registry::v1::Department wanted;
      wanted.set_official_name(fmt::format("Forvaltning {}", i));
      wanted.set_municipality_code(code);
      BB_ASSIGN_OR_RETURN(const auto made,
                          registry::CreateDepartment(transaction, wanted, "bench"));
      filled.departments.push_back(made.id());
      return absl::OkStatus();
    });
  }
  Fill(store, kAssociations, [&](Transaction& transaction, int i) -> absl::Status {
    registry::v1::Association wanted;
    wanted.set_official_name(fmt::format("Forening {}", i));
    wanted.set_municipality_code("0615");
    BB_ASSIGN_OR_RETURN(const auto made, registry::CreateAssociation(transaction, wanted, "bench"));
    filled.associations.push_back(made.id());
    return absl::OkStatus();
  });
}

Filled FillAll(storage::Store& store) {
  Filled filled;
  FillPlaces(store, filled);
  Fill(store, kCollaborations, [&](Transaction& transaction, int i) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const auto made,
                        collab::CreateCollaboration(transaction, Wanted(filled, i), kEmployee));
    filled.collaborations.push_back(made.id());
    return AddTasks(transaction, made.id());
  });
  Fill(store, kResourceChecks,
       [&](Transaction& transaction, int i) { return AddCheck(transaction, filled, i); });
  report::v1::Programme programme;
  programme.set_short_name("stor");
  programme.set_title("Et stort program");
  programme.set_start_date("2022-01-01");
  programme.set_end_date("2024-12-31");
  for (const char* code : {"0615", "0169", "0621", "0253", "0219"}) {
    programme.add_municipality_codes(code);
  }
  for (int i = 0; i < 500; ++i) programme.add_association_ids(filled.associations[i]);
  Fill(store, 1, [&](Transaction& transaction, int /*i*/) {
    return report::PutProgramme(transaction, programme).status();
  });
  return filled;
}

template <typename Work>
void Measure(const char* what, const Work& work) {
  std::vector<double> took;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    Check(work(i));
    took.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(took.begin(), took.end());
  std::printf("%-32s median %7.2f ms, most %7.2f ms\n", what, took[kRounds / 2] * 1e3,
              took.back() * 1e3);
}

void Ask(storage::Store& store, const Filled& filled) {
  const auto now = base::SystemClock().Now();
  Measure("list collaborations, 50",
          [&](int /*i*/) { return collab::ListCollaborations(**store.Latest(), {}).status(); });
  Measure("list those of an association", [&](int i) {
    collab::v1::ListCollaborationsRequest request;
    request.set_association_id(filled.associations[i]);
    return collab::ListCollaborations(**store.Latest(), request).status();
  });
  Measure("get a collaboration", [&](int i) {
    return collab::GetCollaboration(**store.Latest(), filled.collaborations[i], now, kEmployee)
        .status();
  });
  Measure("list resource checks of one", [&](int i) {
    return collab::ListResourceChecks(**store.Latest(), collab::v1::RESOURCE_SUBJECT_ASSOCIATION,
                                      filled.associations[i])
        .status();
  });
  Measure("advice with an association", [&](int i) {
    return advice::TriggersOf(**store.Latest(), now, filled.associations[i]).status();
  });
  Measure("report over three years", [&](int /*i*/) {
    report::v1::GetProgrammeReportRequest request;
    request.set_programme_id("stor");
    return report::MakeReport(store, now, request).status();
  });
}

void Write(storage::Store& store, const Filled& filled) {
  Measure("move, durable", [&](int i) {
    return store
        .Write("bench",
               [&](Transaction& transaction) {
                 collab::v1::MoveCollaborationRequest request;
                 request.set_collaboration_id(filled.collaborations[i * 2 + 1]);
                 request.set_state(collab::v1::COLLABORATION_STATE_CLARIFYING);
                 return collab::MoveCollaboration(transaction, request, kEmployee).status();
               })
        .status();
  });
  Measure("update an association, durable", [&](int i) {
    registry::v1::Association wanted;
    wanted.set_id(filled.associations[i]);
    wanted.set_coverage_area(fmt::format("Kvarter {}", i));
    google::protobuf::FieldMask mask;
    mask.add_paths("coverage_area");
    return store
        .Write("bench",
               [&](Transaction& transaction) {
                 return registry::UpdateAssociation(transaction, wanted, mask, "bench").status();
               })
        .status();
  });
}

int Main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string path = std::string(argv[1]) + "/registry.db";
  std::filesystem::create_directories(argv[1]);
  storage::SqliteOptions filling;
  filling.path = path;
  filling.synchronous = storage::Synchronous::kOff;  // filling it is not what is measured
  Filled filled;
  {
    auto store = storage::OpenSqliteStore(std::move(filling));
    Check(store.status());
    filled = FillAll(**store);
  }
  storage::SqliteOptions options;
  options.path = path;
  auto store = storage::OpenSqliteStore(std::move(options));
  Check(store.status());
  Ask(**store, filled);
  Write(**store, filled);
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) { return brobygger::bench::Main(argc, argv); }
