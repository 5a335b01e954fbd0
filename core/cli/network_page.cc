// network publish, page and mailing-list.
#include <memory>

#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/course_words.h"
#include "core/cli/enum_words.h"
#include "core/cli/network_words.h"
#include "core/cli/weekdays.h"
#include "core/exchange/page.h"

namespace brobygger::cli {
namespace {

using collab::v1::GetNetworkMailingListResponse;
using collab::v1::GetNetworkPageResponse;
using collab::v1::Network;

struct PageChoices {
  std::string network;
  std::string text;
  std::string text_en;
  bool off = false;
  bool html = false;
};

Outcome Publish(Session& session, const PageChoices& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  collab::v1::PublishNetworkRequest request;
  request.set_network_id(network.id());
  request.set_etag(network.etag());
  request.set_published(!options.off);
  auto& texts = *request.mutable_page_text()->mutable_by_language();
  if (!options.text.empty()) texts["da"] = options.text;
  if (!options.text_en.empty()) texts["en"] = options.text_en;
  request.set_request_id(base::MakeUuid());
  return SendNetwork<collab::v1::PublishNetworkResponse>(session, request,
                                                         options.off ? "Withdrew" : "Published");
}

std::string WeekdayOfDay(const std::string& date, const std::string& language) {
  // 1970-01-01 was a Thursday, the third day after Monday.
  const auto days = static_cast<std::size_t>(base::DayNumber(date)) + 3;
  return WeekdayText(days % kDaysOfWeek, language);
}

exchange::Page ToPage(const GetNetworkPageResponse& told, const std::string& language) {
  exchange::Page page{.title = told.title(), .parts = {}};
  const auto add = [&](std::string heading, std::vector<std::string> lines) {
    if (!lines.empty()) page.parts.push_back({std::move(heading), std::move(lines)});
  };
  add("", exchange::Paragraphs(told.aim()));
  add("", exchange::Paragraphs(told.text()));
  std::vector<std::string> meetings;
  for (const auto& each : told.meetings()) {
    const std::string when =
        absl::StrCat(WeekdayOfDay(each.date(), language), " ",
                     ShowMeetingTime(each.date(), each.from_clock(), each.to_clock(), language));
    meetings.push_back(each.place().empty() ? when : absl::StrCat(when, ", ", each.place()));
  }
  add(CollabText("page_meetings", language), std::move(meetings));
  return page;
}

Outcome ShowPage(Session& session, const PageChoices& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  collab::v1::GetNetworkPageRequest request;
  request.set_network_id(network.id());
  request.set_language_code(session.language());
  BB_ASSIGN_OR_RETURN(const auto told, session.Call<GetNetworkPageResponse>(request));
  const exchange::Page page = ToPage(told, session.language());
  session.Write(options.html ? exchange::PageHtml(page, session.language())
                             : exchange::PageText(page));
  return 0;
}

// CSV unless another form was asked for: what a mail program takes.
void WriteList(Session& session, const GetNetworkMailingListResponse& list) {
  const bool csv = session.options().format.empty() || session.format() == Format::kCsv;
  if (csv) {
    const bool safe = session.options().excel_safe;
    session.Write("name,email\r\n");
    for (const auto& entry : list.entries()) {
      session.Write(
          absl::StrCat(CsvField(entry.title(), safe), ",", CsvField(entry.email(), safe), "\r\n"));
    }
    return;
  }
  WriteRecord(session, list, [&] {
    Rows rows{.columns = {{"name", "NAME"}, {"email", "E-MAIL"}}, .cells = {}};
    for (const auto& entry : list.entries())
      rows.cells.push_back({{entry.title()}, {entry.email()}});
    return rows;
  });
}

Outcome MailingList(Session& session, const PageChoices& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  collab::v1::GetNetworkMailingListRequest request;
  request.set_network_id(network.id());
  BB_ASSIGN_OR_RETURN(const auto list, session.Call<GetNetworkMailingListResponse>(request));
  WriteList(session, list);
  session.Flush();
  const std::string& language = session.language();
  for (const auto& each : list.omissions()) {
    session.Warn(CollabText(
        "left_out", language,
        {{"who", TakerTitle(each.title(), language)},
         {"why", EnumText(*collab::v1::MailingListReason_descriptor(), each.reason(), language)}}));
  }
  return 0;
}

}  // namespace

void AddNetworkPage(const Command& network) {
  const auto options = std::make_shared<PageChoices>();
  const ValueHint which = {.summary = "Id (or its start), or whole title"};
  network.Add("publish", "Show its page to everybody; it names no member")
      .Argument("NETWORK", options->network, which)
      .Option("--text", options->text, {.summary = "What the page says, in Danish"})
      .Option("--text-en", options->text_en, {.summary = "The same in English"})
      .Flag("--off", options->off, "To nobody any more")
      .Does([options](Session& session) { return Publish(session, *options); });
  network.Add("page", "Write the page that everybody may read")
      .Argument("NETWORK", options->network, which)
      .Flag("--html", options->html, "As HTML, to put on a web page")
      .Does([options](Session& session) { return ShowPage(session, *options); });
  network
      .Add("mailing-list", "Write name and mailbox of the members that may be written to, as CSV")
      .Argument("NETWORK", options->network, which)
      .Does([options](Session& session) { return MailingList(session, *options); });
}

}  // namespace brobygger::cli
