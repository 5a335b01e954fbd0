// Which department has to do with which task of the municipality, by KLE number.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/strings/escaping.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/kle.h"
#include "core/model/rules.h"
#include "core/model/validate.h"
#include "core/registry/departments.h"
#include "core/registry/index_scan.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/registry/request_answers.h"

namespace brobygger::registry {
namespace {

using storage::Index;
using storage::Kind;
using v1::Department;
using v1::KleAssignment;

std::string NumberTerm(const std::string& municipality_code, const std::string& kle_number) {
  return municipality_code + "/" + kle_number;
}

// A UUID made of what the assignment says (version 8 of RFC 9562: our own kind), so that
// the same import twice makes one assignment.
std::string IdOf(const KleAssignment& assignment) {
  std::string raw = DigestOf(assignment.department_id() + "/" + assignment.kle_number() + "/" +
                             KleAssignment::Aspect_Name(assignment.aspect()));
  raw.resize(16);
  raw[6] = static_cast<char>((raw[6] & 0x0F) | 0x80);
  raw[8] = static_cast<char>((raw[8] & 0x3F) | 0x80);
  std::string text(absl::BytesToHexString(raw));
  for (const std::size_t place : {8U, 13U, 18U, 23U}) text.insert(place, 1, '-');
  return text;
}

// Whether there is a day that lies in both.
bool Overlap(const v1::ValidInterval& left, const v1::ValidInterval& right) {
  const std::string& from = std::max(left.from_date(), right.from_date());
  const auto ends_after = [&](const std::string& to) { return to.empty() || from < to; };
  return ends_after(left.to_date()) && ends_after(right.to_date());
}

absl::StatusOr<KleAssignment> GetAssignment(const storage::Snapshot& snapshot,
                                            const std::string& id) {
  KleAssignment assignment;
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kKleAssignment, id));
  BB_RETURN_IF_ERROR(ParseRecord(bytes, assignment));
  return assignment;
}

absl::Status CheckNotTaken(const storage::Snapshot& snapshot,
                           const KleAssignment& wanted,
                           const std::string& municipality_code) {
  if (wanted.aspect() != KleAssignment::ASPECT_RESPONSIBLE) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto ids, KeysAt(snapshot, Index::kKleByNumber,
                                             NumberTerm(municipality_code, wanted.kle_number())));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const KleAssignment other, GetAssignment(snapshot, id));
    if (other.aspect() != KleAssignment::ASPECT_RESPONSIBLE) continue;
    if (other.department_id() == wanted.department_id()) continue;
    if (!Overlap(other.valid(), wanted.valid())) continue;
    BB_ASSIGN_OR_RETURN(const Department department,
                        GetDepartment(snapshot, other.department_id()));
    return base::MakeError(
        errors::v1::ERROR_REASON_TASK_TAKEN,
        department.official_name() + " is responsible for " + wanted.kle_number() +
            " already; end that first, or give one of the two a time of its own.",
        {{"kle_number", wanted.kle_number()}, {"department_id", other.department_id()}});
  }
  return absl::OkStatus();
}

// Fills in what is not stored.
void Show(const Department& department, KleAssignment& assignment) {
  assignment.set_department_name(department.official_name());
  assignment.set_kle_title(std::string(model::KleTitle(assignment.kle_number())));
}

// The ids at all values of the index that start with `prefix`.
absl::StatusOr<std::vector<std::string>> KeysBelow(const storage::Snapshot& snapshot,
                                                   Index index,
                                                   const std::string& prefix) {
  std::vector<std::string> keys;
  storage::IndexRange range{.prefix = prefix, .after = {}, .limit = 500};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(index, range));
    if (places.empty()) return keys;
    for (const storage::IndexEntry& place : places) keys.push_back(place.key);
    range.after = places.back();
  }
}

absl::StatusOr<std::vector<std::string>> CandidatesFor(const storage::Snapshot& snapshot,
                                                       const v1::ListTasksRequest& request) {
  if (!request.department_id().empty()) {
    BB_RETURN_IF_ERROR(GetDepartment(snapshot, request.department_id()).status());
    return KeysAt(snapshot, Index::kKleByDepartment, request.department_id());
  }
  return KeysBelow(snapshot, Index::kKleByNumber,
                   NumberTerm(request.municipality_code(), request.kle_number()));
}

auto PlaceOf(const KleAssignment& assignment) {
  return std::make_tuple(std::string_view(assignment.kle_number()),
                         static_cast<int>(assignment.aspect()),
                         std::string_view(assignment.department_name()));
}

}  // namespace

absl::StatusOr<KleAssignment> AssignTask(storage::Transaction& transaction, KleAssignment wanted) {
  wanted.clear_id();
  wanted.clear_department_name();
  wanted.clear_kle_title();
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(wanted));
  BB_ASSIGN_OR_RETURN(const Department department,
                      GetDepartment(transaction, wanted.department_id()));
  BB_RETURN_IF_ERROR(CheckNotTaken(transaction, wanted, department.municipality_code()));
  wanted.set_id(IdOf(wanted));
  BB_ASSIGN_OR_RETURN(const storage::Bytes before,
                      transaction.Find(Kind::kKleAssignment, wanted.id()));
  if (std::string bytes = ToBytes(wanted); before == nullptr || *before != bytes) {
    BB_RETURN_IF_ERROR(transaction.Put(
        Kind::kKleAssignment, wanted.id(), std::move(bytes),
        {{Index::kKleByDepartment, department.id()},
         {Index::kKleByNumber, NumberTerm(department.municipality_code(), wanted.kle_number())}}));
  }
  Show(department, wanted);
  return wanted;
}

absl::Status WithdrawTask(storage::Transaction& transaction, const std::string& id) {
  if (id.empty()) return model::BrokenRule({nullptr, "assignment_id"}, "is required and is empty");
  return transaction.Remove(Kind::kKleAssignment, id);
}

absl::StatusOr<v1::ListTasksResponse> ListTasks(const storage::Snapshot& snapshot,
                                                const v1::ListTasksRequest& request) {
  BB_RETURN_IF_ERROR(CheckMunicipality(request.municipality_code()));
  if (!request.kle_number().empty() && !model::IsKleNumber(request.kle_number())) {
    return model::BrokenRule({nullptr, "kle_number"},
                             "is not a KLE number such as \"18\", \"18.15\" or \"18.15.05\"");
  }
  BB_ASSIGN_OR_RETURN(const auto ids, CandidatesFor(snapshot, request));
  std::map<std::string, Department> departments;
  std::vector<KleAssignment> found;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(KleAssignment assignment, GetAssignment(snapshot, id));
    if (!assignment.kle_number().starts_with(request.kle_number())) continue;
    Department& department = departments[assignment.department_id()];
    if (department.id().empty()) {
      BB_ASSIGN_OR_RETURN(department, GetDepartment(snapshot, assignment.department_id()));
    }
    if (department.municipality_code() != request.municipality_code()) continue;
    Show(department, assignment);
    found.push_back(std::move(assignment));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& left, const auto& right) { return PlaceOf(left) < PlaceOf(right); });
  v1::ListTasksResponse response;
  response.mutable_assignments()->Assign(found.begin(), found.end());
  return response;
}

}  // namespace brobygger::registry
