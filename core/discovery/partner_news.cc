#include "core/discovery/partner_news.h"

#include <memory>
#include <optional>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/discovery/find_partners.h"
#include "core/discovery/fits_alone.h"
#include "core/discovery/partner.h"
#include "core/discovery/search_parts.h"
#include "core/registry/page.h"
#include "core/registry/records.h"
#include "core/scope/scoped_snapshot.h"
#include "core/search/pages.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using storage::Kind;
using storage::Revision;
using storage::Snapshot;
using v1::FollowPartnersResponse;
using v1::Partner;

constexpr std::size_t kAtOnce = 200;
constexpr int kMostChanges = 500;

absl::Status PositionInvalid() {
  return base::MakeError(errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID,
                         "position is damaged or belongs to another question; start again without "
                         "it.",
                         {{"field", "position"}});
}

// The association, if the caller sees it there and it can be a partner.
absl::StatusOr<std::optional<Association>> PartnerAt(const Snapshot& seen, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, seen.Find(Kind::kAssociation, id));
  if (bytes == nullptr) return std::optional<Association>();
  Association association;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
  if (!IsPartner(association)) return std::optional<Association>();
  return std::optional<Association>(std::move(association));
}

// Of these, those that fit, with the reasons.
absl::flat_hash_map<std::string, search::Hit> FittingOf(
    const search::View& view,
    const search::Query& query,
    const access::Caller& caller,
    const std::set<std::string, std::less<>>& ids) {
  search::Question question{.query = query, .reach = ReachOf(caller), .size = ids.size()};
  question.reach.among.emplace(ids.begin(), ids.end());
  search::Answer answer = search::Evaluate(view, question);
  absl::flat_hash_map<std::string, search::Hit> fitting;
  for (search::Hit& hit : answer.hits) {
    std::string id = hit.place.id;
    fitting.emplace(std::move(id), std::move(hit));
  }
  return fitting;
}

}  // namespace

absl::StatusOr<PartnerNews> PartnerNews::From(const Asker& asker,
                                              search::Shelf& shelf,
                                              const v1::FollowPartnersRequest& request) {
  BB_ASSIGN_OR_RETURN(search::Query query, PartnerQuery(asker.caller, request.criteria(), false));
  // That most of the words are there is a help to who looks, and no news to who waits.
  query.may_relax = false;
  PartnerNews news(
      asker, shelf, std::move(query),
      registry::PageArguments({"follow-partners", request.criteria().SerializeAsString()}));
  BB_ASSIGN_OR_RETURN(const auto latest, asker.store.Latest());
  news.began_at_ = latest->revision();
  if (request.position().empty()) return news;
  const auto place = registry::ReadPageToken(request.position(), news.arguments_);
  if (!place.ok()) return PositionInvalid();
  if (place->revision > latest->revision()) {
    return storage::RevisionUnknown(place->revision, latest->revision());
  }
  news.listing_ = false;
  news.MoveTo(place->revision);
  return news;
}

void PartnerNews::MoveTo(Revision revision) {
  revision_ = revision;
  position_ = registry::MakePageToken({.revision = revision, .value = "", .key = ""}, arguments_);
}

absl::StatusOr<PartnerNews::News> PartnerNews::NextOfFirstList() {
  const search::Ask ask{.query = query_,
                        .arguments = arguments_,
                        .page_token = page_token_,
                        .size = kAtOnce,
                        .reach = ReachOf(asker_.caller)};
  BB_ASSIGN_OR_RETURN(const search::Page page, search::AskPage(shelf_, ask));
  // What is still being read cannot be listed as all there is.
  if (!page.complete) return News();
  if (page_token_.empty()) listed_revision_ = page.revision;
  BB_ASSIGN_OR_RETURN(auto latest, asker_.store.Latest());
  const auto seen = scope::Seen(asker_.caller, std::move(latest));
  News news;
  for (const search::Hit& hit : page.answer.hits) {
    BB_ASSIGN_OR_RETURN(const auto association, PartnerAt(*seen, hit.place.id));
    if (!association) continue;
    Partner& partner = *news.emplace_back().mutable_partner();
    partner = ToPartner(*association, asker_.caller, query_);
    TellReasons(hit, *partner.mutable_reasons());
  }
  page_token_ = page.next_page_token;
  if (!page_token_.empty()) return news;
  listing_ = false;
  MoveTo(listed_revision_);
  news.emplace_back().set_position(position_);
  return news;
}

// The associations that changed after the position, up to `through`, which is at most `newest`.
absl::StatusOr<PartnerNews::Ids> PartnerNews::ChangedUpTo(Revision newest,
                                                          Revision& through) const {
  Ids ids;
  through = newest;
  BB_ASSIGN_OR_RETURN(const auto changes, asker_.store.ChangesAfter(revision_, kMostChanges));
  for (const storage::Change& change : changes) {
    if (change.revision > newest) return ids;
    if (change.kind == Kind::kAssociation) ids.insert(change.key);
  }
  // There may be more between the last of them and `newest`.
  if (!changes.empty()) through = changes.back().revision;
  return ids;
}

absl::StatusOr<PartnerNews::News> PartnerNews::Compare(const search::View& view,
                                                       const Ids& changed) {
  BB_ASSIGN_OR_RETURN(auto before, asker_.store.At(revision_));
  BB_ASSIGN_OR_RETURN(auto latest, asker_.store.Latest());
  // Then as it was seen then, and now as it is seen now.
  const auto seen_before = scope::Seen(asker_.caller, std::move(before));
  const auto seen_now = scope::Seen(asker_.caller, std::move(latest));
  const auto fitting = FittingOf(view, query_, asker_.caller, changed);
  News news;
  for (const std::string& id : changed) {
    BB_ASSIGN_OR_RETURN(const auto was, PartnerAt(*seen_before, id));
    BB_ASSIGN_OR_RETURN(const auto is, PartnerAt(*seen_now, id));
    // This may say yes where a list would not have it; who is then told that it is gone loses
    // nothing.
    const bool fitted = was && FitsAlone(*was, query_);
    const auto hit = fitting.find(id);
    if (!is || hit == fitting.end()) {
      if (fitted) news.emplace_back().set_gone_association_id(id);
      continue;
    }
    Partner partner = ToPartner(*is, asker_.caller, query_);
    if (fitted &&
        ToPartner(*was, asker_.caller, query_).SerializeAsString() == partner.SerializeAsString()) {
      continue;
    }
    TellReasons(hit->second, *partner.mutable_reasons());
    news.emplace_back().set_was_partner(fitted);
    *news.back().mutable_partner() = std::move(partner);
  }
  return news;
}

absl::StatusOr<PartnerNews::News> PartnerNews::Next() {
  if (listing_) return NextOfFirstList();
  const auto view = shelf_.Newest();
  while (view->complete && view->revision > revision_) {
    Revision through = 0;
    BB_ASSIGN_OR_RETURN(const Ids changed, ChangedUpTo(view->revision, through));
    News news;
    if (!changed.empty()) {
      BB_ASSIGN_OR_RETURN(news, Compare(*view, changed));
    }
    // Until the last of them is dealt with, the old position is the one to come back to.
    for (auto& each : news) each.set_position(position_);
    MoveTo(through);
    if (news.empty()) continue;
    news.back().set_position(position_);
    return news;
  }
  return News();
}

}  // namespace brobygger::discovery
