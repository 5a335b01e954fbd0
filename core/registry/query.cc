#include "core/registry/query.h"

#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/places.h"
#include "core/registry/index_scan.h"
#include "core/registry/page.h"
#include "core/registry/records.h"
#include "core/registry/snapshots.h"

namespace brobygger::registry {
namespace {

using storage::Index;
using storage::IndexEntry;
using storage::Kind;

// Of merges that lead from one id to another.
constexpr int kLongestMergeChain = 1000;

// Fills one page with the records of `kind` that stand after `place`.
struct RecordPage {
  std::vector<storage::Entry> entries;
  bool more = false;
};

absl::StatusOr<RecordPage> PageByIndex(const storage::Snapshot& snapshot,
                                       const IndexEntry& group,
                                       std::pair<Index, Kind> what,
                                       int size) {
  IndexEntry after;
  if (!group.key.empty()) after = group;
  BB_ASSIGN_OR_RETURN(
      const std::vector<IndexEntry> places,
      snapshot.ScanIndex(what.first, {.prefix = group.value, .after = after, .limit = size + 1}));
  RecordPage page;
  for (const IndexEntry& place : places) {
    if (place.value != group.value) continue;
    if (page.entries.size() == static_cast<std::size_t>(size)) {
      page.more = true;
      break;
    }
    BB_ASSIGN_OR_RETURN(storage::Bytes bytes, snapshot.Find(what.second, place.key));
    page.entries.push_back({place.key, std::move(bytes)});
  }
  return page;
}

absl::StatusOr<RecordPage> PageByKey(const storage::Snapshot& snapshot,
                                     Kind kind,
                                     const std::string& after,
                                     int size) {
  RecordPage page;
  BB_ASSIGN_OR_RETURN(page.entries,
                      snapshot.Scan(kind, {.prefix = "", .after = after, .limit = size + 1}));
  page.more = page.entries.size() > static_cast<std::size_t>(size);
  if (page.more) page.entries.pop_back();
  return page;
}

template <typename Record>
absl::Status Fill(const RecordPage& page, google::protobuf::RepeatedPtrField<Record>& records) {
  for (const storage::Entry& entry : page.entries) {
    BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, *records.Add()));
  }
  return absl::OkStatus();
}

std::string NextToken(const RecordPage& page,
                      storage::Revision revision,
                      const std::string& arguments) {
  if (!page.more) return "";
  return MakePageToken({revision, "", page.entries.back().key}, arguments);
}

absl::Status CheckTime(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kYear1 = -62'135'596'800;
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  const bool second = time.seconds() >= kYear1 && time.seconds() < kYear10000;
  const bool nano = time.nanos() >= 0 && time.nanos() <= 999'999'999;
  if (second && nano) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "as_of.time is no instant between the years 1 and 9999.",
                         {{"field", "as_of.time"}});
}

}  // namespace

absl::StatusOr<std::shared_ptr<const storage::Snapshot>> SnapshotAt(const storage::Store& store,
                                                                    const v1::AsOf& as_of) {
  if (as_of.has_revision()) return store.At(as_of.revision());
  if (!as_of.has_time()) return store.Latest();
  BB_RETURN_IF_ERROR(CheckTime(as_of.time()));
  BB_ASSIGN_OR_RETURN(const storage::Revision revision,
                      store.RevisionAt(base::ToInstant(as_of.time())));
  return store.At(revision);
}

absl::StatusOr<PagedSnapshot> SnapshotForPage(const storage::Store& store,
                                              const PageRequest& request) {
  PagedSnapshot paged;
  if (request.page_token->empty()) {
    BB_ASSIGN_OR_RETURN(paged.snapshot, SnapshotAt(store, *request.as_of));
    paged.place.revision = paged.snapshot->revision();
    return paged;
  }
  // The following pages are true for the same revision as the first, so that no
  // record is missed or seen twice when the registry changes meanwhile.
  BB_ASSIGN_OR_RETURN(paged.place, ReadPageToken(*request.page_token, request.arguments));
  BB_ASSIGN_OR_RETURN(paged.snapshot, store.At(paged.place.revision));
  return paged;
}

absl::StatusOr<storage::Bytes> GetAssociationBytes(const storage::Snapshot& snapshot,
                                                   const std::string& id) {
  BB_ASSIGN_OR_RETURN(storage::Bytes bytes, snapshot.Find(Kind::kAssociation, id));
  // The id of one that was merged leads to the association it is part of.
  for (int steps = 0; bytes != nullptr && steps < kLongestMergeChain; ++steps) {
    const std::string into = MergedInto(*bytes);
    if (into.empty()) return bytes;
    BB_ASSIGN_OR_RETURN(bytes, snapshot.Find(Kind::kAssociation, into));
  }
  return AssociationNotFound(id);
}

absl::StatusOr<v1::ListRelationsResponse> ListRelations(const storage::Store& store,
                                                        const v1::ListRelationsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string arguments =
      PageArguments({"relations", request.association_id(), ToBytes(request.as_of())});
  BB_ASSIGN_OR_RETURN(const PagedSnapshot paged,
                      SnapshotForPage(store, {&request.page_token(), &request.as_of(), arguments}));
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                      GetAssociationBytes(*paged.snapshot, request.association_id()));
  v1::Association association;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, association));

  BB_ASSIGN_OR_RETURN(const RecordPage page,
                      PageByIndex(*paged.snapshot, {association.id(), paged.place.key},
                                  {Index::kRelationByAssociation, Kind::kRelation}, size));
  v1::ListRelationsResponse response;
  BB_RETURN_IF_ERROR(Fill(page, *response.mutable_relations()));
  response.set_next_page_token(NextToken(page, paged.place.revision, arguments));
  return response;
}

absl::StatusOr<v1::Department> GetDepartment(const storage::Snapshot& snapshot,
                                             const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kDepartment, id));
  if (bytes == nullptr) {
    return base::MakeError(
        errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND,
        "there is no department '" + Shown(id) + "'; see brobygger department list",
        {{"department_id", Shown(id)}});
  }
  v1::Department department;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, department));
  return department;
}

absl::StatusOr<std::vector<v1::Department>> DepartmentsOf(const storage::Snapshot& snapshot,
                                                          const std::string& municipality_code) {
  BB_ASSIGN_OR_RETURN(const auto ids,
                      KeysAt(snapshot, Index::kDepartmentByMunicipality, municipality_code));
  std::vector<v1::Department> departments;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(auto department, GetDepartment(snapshot, id));
    departments.push_back(std::move(department));
  }
  return departments;
}

absl::StatusOr<v1::ListDepartmentsResponse> ListDepartments(
    const storage::Store& store, const v1::ListDepartmentsRequest& request) {
  const std::string& code = request.municipality_code();
  if (!code.empty() && !model::IsMunicipalityCode(code)) {
    return base::MakeError(errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND,
                           "There is no municipality with the code \"" + Shown(code) + "\".",
                           {{"municipality_code", Shown(code)}});
  }
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string arguments = PageArguments({"departments", code, ToBytes(request.as_of())});
  BB_ASSIGN_OR_RETURN(const PagedSnapshot paged,
                      SnapshotForPage(store, {&request.page_token(), &request.as_of(), arguments}));

  BB_ASSIGN_OR_RETURN(
      const RecordPage page,
      code.empty() ? PageByKey(*paged.snapshot, Kind::kDepartment, paged.place.key, size)
                   : PageByIndex(*paged.snapshot, {code, paged.place.key},
                                 {Index::kDepartmentByMunicipality, Kind::kDepartment}, size));
  v1::ListDepartmentsResponse response;
  BB_RETURN_IF_ERROR(Fill(page, *response.mutable_departments()));
  response.set_next_page_token(NextToken(page, paged.place.revision, arguments));
  return response;
}

v1::ListMunicipalitiesResponse ListMunicipalities() {
  v1::ListMunicipalitiesResponse response;
  const auto& all = model::Municipalities();
  response.mutable_municipalities()->Assign(all.begin(), all.end());
  return response;
}

}  // namespace brobygger::registry
