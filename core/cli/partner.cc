// partner: find, show and follow.
#include <algorithm>
#include <memory>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/discovery_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/partner_criteria.h"
#include "core/cli/search_words.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"
#include "core/exchange/texts.h"

namespace brobygger::cli {
namespace {

using discovery::v1::FindPartnersRequest;
using discovery::v1::FindPartnersResponse;
using discovery::v1::FollowPartnersRequest;
using discovery::v1::FollowPartnersResponse;
using discovery::v1::GetPartnerRequest;
using discovery::v1::GetPartnerResponse;
using discovery::v1::Partner;
using discovery::v1::PartnerActivity;

constexpr std::size_t kCvrDigits = 8;

struct PartnerOptions {
  CriteriaOptions criteria;
  std::vector<std::string> facets;
  std::uint64_t min_revision = 0;
  PageOptions page;
  std::string id;
  std::string name;
  std::string position;
  bool replace = false;
  bool stop_at_end = false;
};

std::vector<Column> PartnerColumns() {
  return {{"id", "ID"},          {"official_name", "NAME"},
          {"area", "AREA"},      {"languages", "LANGUAGES"},
          {"activity", "DOES"},  {"contact", "CONTACT"},
          {"matched", "MATCHED"}};
}

// "Lektiecafé (torsdag, 25 pladser)": the activity that fits, else all by their titles.
std::string DoesText(const Partner& partner, const std::string& language) {
  std::vector<std::string> titles;
  for (const PartnerActivity& activity : partner.activities()) titles.push_back(activity.title());
  if (partner.activities().empty() || !partner.activities(0).fits()) {
    return absl::StrJoin(titles, ", ");
  }
  const PartnerActivity& fits = partner.activities(0);
  std::vector<std::string> facts;
  const std::string days = exchange::WeekdaysText(fits.recurrence_rule(), language);
  if (!days.empty()) facts.push_back(days);
  if (fits.capacity() > 0) {
    facts.push_back(absl::StrCat(fits.capacity(), " ", DiscoveryText("places", language)));
  }
  if (facts.empty()) return fits.title();
  return absl::StrCat(fits.title(), " (", absl::StrJoin(facts, ", "), ")");
}

std::string ContactText(const Partner& partner) {
  const auto& contact = partner.contact();
  for (const auto* list : {&contact.emails(), &contact.phones(), &contact.websites()}) {
    if (!list->empty()) return list->Get(0);
  }
  return "";
}

std::string AreaText(const Partner& partner) {
  if (!partner.area().empty() || partner.postal_districts().empty()) return partner.area();
  return partner.postal_districts(0);
}

std::vector<Cell> CellsOf(const Session& session, const Partner& partner) {
  const std::string& id = partner.association_id();
  return {{session.format() != Format::kTable ? id : id.substr(0, kShownIdLength)},
          {partner.official_name()},
          {AreaText(partner)},
          {absl::StrJoin(partner.language_codes(), ", ")},
          {DoesText(partner, session.language())},
          {ContactText(partner)},
          {MatchedText(partner.reasons(), session.language())}};
}

void SayWhatElse(Session& session, const FindPartnersResponse& answer) {
  const auto say = [&](bool holds, const char* key) {
    if (holds) session.Warn(DiscoveryText(key, session.language()));
  };
  say(answer.relaxed() && answer.partners_size() > 0, "search_relaxed");
  say(answer.partial(), "search_partial");
  say(answer.catching_up(), "search_catching_up");
}

Outcome Find(Session& session, const PartnerOptions& options) {
  FindPartnersRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_criteria(), ToCriteria(options.criteria));
  request.set_min_revision(options.min_revision);
  for (const std::string& facet : options.facets) request.add_facets(facet);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "partners", PartnerColumns()));
  FindPartnersResponse first;
  const auto add = [&](const FindPartnersResponse& page) {
    if (first.revision() == 0) first = page;
    for (const Partner& partner : page.partners()) writer.Add(partner, CellsOf(session, partner));
    return page.partners_size();
  };
  auto read = ReadPages<FindPartnersResponse>(session, request, options.page, add);
  if (!read.ok()) return NamingOptions(read.status());
  auto& pages = *read;
  pages.last.clear_partners();
  writer.Finish(&pages.last);
  if (session.format() == Format::kTable) SayFacets(session, first.facets());
  SayWhatElse(session, first);
  SayHowMany(session, pages.count, "partner", pages.last.next_page_token());
  return 0;
}

// Partners that a query finds, of which a few say enough.
absl::StatusOr<FindPartnersResponse> FindFew(Session& session, const std::string& query) {
  FindPartnersRequest request;
  request.mutable_criteria()->set_query(query);
  request.set_all_must_hold(true);
  return session.Call<FindPartnersResponse>(request);
}

// By a CVR number, where the caller may ask by numbers; nothing if that finds none.
absl::StatusOr<std::string> IdByNumber(Session& session, const std::string& typed) {
  const auto found = FindFew(session, "number:" + typed);
  if (base::ReasonOf(found.status()) == errors::v1::ERROR_REASON_QUERY_INVALID) return "";
  BB_RETURN_IF_ERROR(found.status());
  for (const Partner& partner : found->partners()) {
    // A search also finds numbers that are written almost so.
    const auto& numbers = partner.identifiers();
    if (std::any_of(numbers.begin(), numbers.end(),
                    [&](const auto& each) { return each.value() == typed; })) {
      return partner.association_id();
    }
  }
  return "";
}

absl::StatusOr<std::string> IdByName(Session& session, const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto found, FindFew(session, "name:\"" + typed + "\""));
  std::vector<std::string> names;
  for (const Partner& partner : found.partners()) {
    if (partner.official_name() == typed || found.partners_size() == 1) {
      return partner.association_id();
    }
    names.push_back(partner.official_name());
  }
  if (names.empty()) {
    return absl::NotFoundError(fmt::format("No partner that you may see is called '{}'.", typed));
  }
  return absl::InvalidArgumentError(fmt::format(
      "Several partners are called something like '{}': {}.", typed, absl::StrJoin(names, ", ")));
}

bool AreAll(const std::string& text, const char* of) {
  return text.find_first_not_of(of) == std::string::npos;
}

// The partner that was typed: by its id or the beginning of it, as lists show it, by its CVR
// number, or by its name if one alone has that.
absl::StatusOr<GetPartnerResponse> GetTyped(Session& session, const std::string& typed) {
  GetPartnerRequest request;
  request.set_association_id(typed);
  if (typed.size() == kCvrDigits && AreAll(typed, "0123456789")) {
    BB_ASSIGN_OR_RETURN(const std::string id, IdByNumber(session, typed));
    if (!id.empty()) request.set_association_id(id);
  }
  if (typed.size() >= kShownIdLength && AreAll(typed, "0123456789abcdef-")) {
    auto found = session.Call<GetPartnerResponse>(request);
    if (found.ok() || base::IsUuid(typed) || !absl::IsNotFound(found.status())) return found;
  }
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(), IdByName(session, typed));
  return session.Call<GetPartnerResponse>(request);
}

Outcome Show(Session& session, const PartnerOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto answer, GetTyped(session, options.id));
  WriteRecord(session, answer.partner(), [&] {
    return Rows{.columns = PartnerColumns(), .cells = {CellsOf(session, answer.partner())}};
  });
  return 0;
}

// A stream is written line by line, as each comes: JSON one object a line.
std::string Line(Session& session, const FollowPartnersResponse& news) {
  if (session.format() == Format::kJson) return ToJsonLine(news) + "\n";
  if (session.format() == Format::kYaml) return "---\n" + JsonToYaml(ToJson(news));
  const bool gone = !news.has_partner();
  const char* what = gone ? "gone" : (news.was_partner() ? "changed" : "new");
  std::vector<Cell> cells =
      gone ? std::vector<Cell>{{news.gone_association_id()}} : CellsOf(session, news.partner());
  if (session.format() == Format::kTable) {
    const std::string name = gone ? "" : OneCleanLine(news.partner().official_name());
    const std::string does = gone ? "" : OneCleanLine(DoesText(news.partner(), session.language()));
    return fmt::format("{:8} {:8}  {}{}{}\n", what, cells[0].value.substr(0, kShownIdLength), name,
                       does.empty() ? "" : " · ", does);
  }
  std::string line = what;
  cells.resize(PartnerColumns().size());
  for (const Cell& cell : cells) {
    line += "," + CsvField(cell.value, session.options().excel_safe);
  }
  return line + "\r\n";
}

bool IsNothing(const discovery::v1::PartnerCriteria& criteria) {
  return criteria.ByteSizeLong() == 0;
}

// A question to follow, and whether it stands in its file as it is.
struct Followed {
  FollowPartnersRequest request;
  bool is_kept = false;
};

// What is to be followed: as it was kept under the name, or as it is typed.
absl::StatusOr<Followed> ToFollow(const PartnerOptions& options) {
  Followed followed;
  BB_ASSIGN_OR_RETURN(*followed.request.mutable_criteria(), ToCriteria(options.criteria));
  followed.request.set_position(options.position);
  if (options.name.empty()) return followed;
  BB_ASSIGN_OR_RETURN(const auto kept, LoadFollowed(options.name));
  if (!kept) return followed;
  const auto& criteria = followed.request.criteria();
  const bool same =
      IsNothing(criteria) || criteria.SerializeAsString() == kept->criteria().SerializeAsString();
  if (same) {
    followed.is_kept = options.position.empty();
    *followed.request.mutable_criteria() = kept->criteria();
    if (options.position.empty()) followed.request.set_position(kept->position());
  } else if (!options.replace) {
    return absl::InvalidArgumentError(fmt::format(
        "Another question is followed under the name '{}'. To go on with that one, give "
        "no question; --replace puts this one in its place, from the beginning.",
        options.name));
  }
  return followed;
}

// Keeps what was told, so that the next run goes on after it.
absl::Status Keep(const PartnerOptions& options, const FollowPartnersRequest& request) {
  if (options.name.empty()) return absl::OkStatus();
  FollowPartnersRequest kept = request;
  kept.clear_stop_at_end();
  return SaveFollowed(options.name, kept);
}

void SayHowToGoOn(Session& session, const PartnerOptions& options, const std::string& position) {
  if (!options.name.empty()) {
    session.Say(fmt::format("Go on with: brobygger partner follow --name {}", options.name));
  } else if (!position.empty()) {
    session.Say(fmt::format("Go on with --position {}", position));
  }
}

Outcome Follow(Session& session, const PartnerOptions& options) {
  BB_ASSIGN_OR_RETURN(Followed followed, ToFollow(options));
  FollowPartnersRequest& request = followed.request;
  request.set_stop_at_end(options.stop_at_end);
  if (session.format() == Format::kCsv) {
    session.Write("change,id,official_name,area,languages,activity,contact,matched\r\n");
  }
  absl::Status kept;
  bool answered = false;
  const auto status = session.hub().Stream<FollowPartnersResponse>(
      request, session.patience(Patience::zero()), [&](const FollowPartnersResponse& news) {
        answered = true;
        if (news.change_case() != FollowPartnersResponse::CHANGE_NOT_SET) {
          session.Write(Line(session, news));
          session.Flush();
        }
        // Only what is written counts as told, and only what the hub accepted is kept.
        const bool moved = !news.position().empty() && news.position() != request.position();
        if (moved) request.set_position(news.position());
        if (!moved && followed.is_kept) return true;
        kept = Keep(options, request);
        followed.is_kept = true;
        return kept.ok();
      });
  BB_RETURN_IF_ERROR(kept);
  if (answered) SayHowToGoOn(session, options, request.position());
  if (!status.ok()) return NamingOptions(status);
  return 0;
}

void AddFind(const Command& partner) {
  const auto options = std::make_shared<PartnerOptions>();
  Command find = partner.Add("find", "Find associations that could be asked to work together");
  AddCriteria(find, options->criteria);
  find.Options("--facet", options->facets,
               {.summary = "Count the answers by this, too",
                .completes = Completes::kWord,
                .words = FacetWords(/*of_associations=*/false)})
      .Number("--min-revision", options->min_revision,
              "Wait until what this revision changed can be found");
  AddPageOptions(find, options->page);
  find.Does([options](Session& session) { return Find(session, *options); });
}

void AddFollow(const Command& partner) {
  const auto options = std::make_shared<PartnerOptions>();
  Command follow = partner.Add("follow", "Show partners as they come, change and go");
  AddCriteria(follow, options->criteria);
  follow
      .Option("--name", options->name,
              {.summary = "Keep question and position under this name, and go on from there"})
      .Flag("--replace", options->replace,
            "Follow this question under the name, and no more the one before")
      .Option("--position", options->position, {.summary = "Go on after this position"})
      .Flag("--stop-at-end", options->stop_at_end, "End when all that there is now is told")
      .Does([options](Session& session) { return Follow(session, *options); });
}

}  // namespace

void AddPartner(const Command& root) {
  Command partner = root.Add("partner", "Associations that could be asked to work together");
  AddFind(partner);
  const auto options = std::make_shared<PartnerOptions>();
  partner.Add("show", "Show one, as far as you may see it")
      .Argument("PARTNER", options->id,
                {.summary = "Its name, its id (or its start), or its CVR number"})
      .Does([options](Session& session) { return Show(session, *options); });
  AddFollow(partner);
}

}  // namespace brobygger::cli
