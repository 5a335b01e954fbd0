#include "core/cli/association.h"

#include <algorithm>

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/paging.h"
#include "core/model/fields.h"
#include "core/model/identifiers.h"

namespace brobygger::cli {
namespace {

using google::protobuf::util::TimeUtil;
using registry::v1::Association;
using Found = std::vector<Association>;

constexpr size_t kShortestIdStart = 4;

bool IsIdStart(const std::string& typed) {
  return typed.size() >= kShortestIdStart &&
         typed.find_first_not_of("0123456789abcdef-") == std::string::npos;
}

absl::StatusOr<Found> ListMatching(Session& session,
                                   const std::string& filter,
                                   const registry::v1::AsOf& as_of) {
  registry::v1::ListAssociationsRequest request;
  request.set_filter(filter);
  request.set_page_size(kLargestPage);
  request.set_show_deleted(true);
  *request.mutable_as_of() = as_of;
  BB_ASSIGN_OR_RETURN(const auto page,
                      session.Call<registry::v1::ListAssociationsResponse>(request));
  return Found(page.associations().begin(), page.associations().end());
}

// Reads the whole list: people type the start of an id at a terminal, programs
// send whole ones.
absl::StatusOr<Found> StartingWith(Session& session,
                                   const std::string& start,
                                   const registry::v1::AsOf& as_of) {
  registry::v1::ListAssociationsRequest request;
  request.set_page_size(kLargestPage);
  request.set_show_deleted(true);
  *request.mutable_as_of() = as_of;
  Found found;
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        session.Call<registry::v1::ListAssociationsResponse>(request));
    std::copy_if(page.associations().begin(), page.associations().end(), std::back_inserter(found),
                 [&](const Association& each) { return each.id().starts_with(start); });
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return found;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "\"";
}

absl::StatusOr<Association> OnlyOne(const Found& found, const std::string& typed) {
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
        fmt::format("No association has the id, CVR number or name '{}'.", typed),
        {{"association_id", typed}});
  }
  std::string some;
  for (size_t i = 0; i < std::min<size_t>(found.size(), 5); ++i) {
    some += fmt::format(" {} {};", found[i].id(), found[i].official_name());
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' could mean {} associations; give more of the "
                  "id:{}",
                  typed, found.size(), some));
}

}  // namespace

absl::StatusOr<Association> FindAssociation(Session& session,
                                            const std::string& typed,
                                            const registry::v1::AsOf& as_of) {
  if (base::IsUuid(typed)) {
    registry::v1::GetAssociationRequest request;
    request.set_association_id(typed);
    *request.mutable_as_of() = as_of;
    BB_ASSIGN_OR_RETURN(auto response, session.Call<registry::v1::GetAssociationResponse>(request));
    return std::move(*response.mutable_association());
  }
  Found found;
  if (const auto cvr = model::NormalizeCvr(typed); cvr.ok()) {
    BB_ASSIGN_OR_RETURN(found, ListMatching(session, "cvr = " + Quoted(*cvr), as_of));
  }
  if (found.empty() && IsIdStart(typed)) {
    BB_ASSIGN_OR_RETURN(found, StartingWith(session, typed, as_of));
  } else if (found.empty()) {
    BB_ASSIGN_OR_RETURN(found, ListMatching(session, "official_name = " + Quoted(typed), as_of));
  }
  return OnlyOne(found, typed);
}

absl::StatusOr<SourceMarks> GetSourceMarks(Session& session) {
  const auto answer =
      session.Call<sync::v1::ListConnectionsResponse>(sync::v1::ListConnectionsRequest());
  // Who may not see the connections is not told who said what either.
  if (base::ReasonOf(answer.status()) == errors::v1::ERROR_REASON_NOT_ALLOWED) {
    return SourceMarks({});
  }
  BB_RETURN_IF_ERROR(answer.status());
  return SourceMarks({answer->connections().begin(), answer->connections().end()});
}

std::string ColumnText(const Association& association, const std::string& path) {
  if (path == "id") return association.id();
  if (path == "etag") return association.etag();
  if (path == "create_time") return TimeUtil::ToString(association.create_time());
  if (path == "update_time") return TimeUtil::ToString(association.update_time());
  if (path == "delete_time") {
    return association.has_delete_time() ? TimeUtil::ToString(association.delete_time()) : "";
  }
  return model::FieldText(association, path).value_or("");
}

absl::Status CheckColumn(const std::string& path) {
  static const std::string kOutputOnly[] = {"id", "etag", "create_time", "update_time",
                                            "delete_time"};
  const bool known =
      std::find(std::begin(kOutputOnly), std::end(kOutputOnly), path) != std::end(kOutputOnly) ||
      model::IsFieldPath(path);
  if (known) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("There is no column '{}'. Columns are id, etag, create_time, update_time, "
                  "delete_time and field paths such as official_name, cvr, status, phones, "
                  "purpose.da.",
                  path));
}

}  // namespace brobygger::cli
