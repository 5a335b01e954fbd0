#include "core/cli/network_words.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/collab_words.h"
#include "core/cli/course_words.h"
#include "core/cli/department.h"
#include "core/cli/titled.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::Network;
using collab::v1::NetworkMeeting;
using collab::v1::NetworkMember;

std::string Short(const std::string& id) { return id.substr(0, kShownIdLength); }

// An association elsewhere may call it together, and not be seen here.
std::string ConvenorTitle(const Network& network, const std::string& language) {
  const bool department = !network.convenor_department_id().empty();
  return department ? network.convenor_title() : TakerTitle(network.convenor_title(), language);
}

std::string Text(const NetworkMeeting& meeting, const std::string& language) {
  std::string text =
      ShowMeetingTime(meeting.date(), meeting.from_clock(), meeting.to_clock(), language);
  if (!meeting.place().empty()) absl::StrAppend(&text, ", ", meeting.place());
  if (meeting.called_off()) absl::StrAppend(&text, " (", CollabText("called_off", language), ")");
  if (!meeting.note().empty()) absl::StrAppend(&text, ": ", meeting.note());
  return absl::StrCat(text, " [", Short(meeting.id()), "]");
}

// As days sort as text.
std::string NextMeeting(const Network& network, const std::string& today) {
  std::string next;
  for (const NetworkMeeting& meeting : network.meetings()) {
    if (meeting.called_off() || meeting.date() < today) continue;
    if (next.empty() || meeting.date() < next) next = meeting.date();
  }
  return next;
}

}  // namespace

std::vector<Column> NetworkColumns() {
  return {{"id", "ID"},           {"title", "TITLE"},       {"convenor", "CALLED TOGETHER BY"},
          {"members", "MEMBERS"}, {"next", "NEXT MEETING"}, {"public", "PUBLIC"}};
}

std::vector<Cell> NetworkCells(const Session& session, const Network& network) {
  const std::string& language = session.language();
  int members = 0;
  for (const NetworkMember& each : network.members()) members += each.left_date().empty();
  return {{session.format() == Format::kTable ? Short(network.id()) : network.id()},
          {network.title()},
          {ConvenorTitle(network, language)},
          {std::to_string(members)},
          {ShowField("start_date", NextMeeting(network, Today()), language)},
          {CollabText(network.published() ? "yes" : "no", language)}};
}

Rows NetworkRows(const Network& network, const std::string& language) {
  Rows rows{.columns = {{"field", "FIELD"}, {"value", "VALUE"}}, .cells = {}};
  const auto add = [&](const char* field, const std::string& value) {
    if (!value.empty()) rows.cells.push_back({{field}, {value}});
  };
  add("title", network.title());
  for (const auto& [tag, text] : network.aim().by_language()) add("aim", text);
  add("convenor", ConvenorTitle(network, language));
  for (const NetworkMember& each : network.members()) {
    const std::string left =
        each.left_date().empty() ? "" : " - " + ShowField("start_date", each.left_date(), language);
    add("member", TakerTitle(each.title(), language) + left);
  }
  for (const NetworkMeeting& each : network.meetings()) add("meeting", Text(each, language));
  add("public", CollabText(network.published() ? "yes" : "no", language));
  for (const auto& [tag, text] : network.page_text().by_language()) {
    add("page", absl::StrCat("[", tag, "] ", text));
  }
  add("id", network.id());
  return rows;
}

void ReportNetwork(Session& session, const Network& network, const std::string& done) {
  session.Say(fmt::format("{} {}: {}.", done, Short(network.id()), network.title()));
  WriteRecord(session, network, [&] {
    return Rows{.columns = NetworkColumns(), .cells = {NetworkCells(session, network)}};
  });
}

absl::StatusOr<Network> FindNetwork(Session& session, const std::string& typed) {
  collab::v1::GetNetworkRequest request;
  request.set_network_id(typed);
  auto found = session.Call<collab::v1::GetNetworkResponse>(request);
  if (found.ok()) return std::move(*found->mutable_network());
  if (base::ReasonOf(found.status()) != errors::v1::ERROR_REASON_NETWORK_NOT_FOUND) {
    return found.status();
  }
  return FindByTitle<collab::v1::ListNetworksResponse>(
      session, collab::v1::ListNetworksRequest(), typed,
      [](auto& page) { return page.mutable_networks(); },
      {errors::v1::ERROR_REASON_NETWORK_NOT_FOUND, "network", "networks"});
}

}  // namespace brobygger::cli
