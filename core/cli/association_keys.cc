// association invite, invites, uninvite, keys and end-key: how an association comes in, as an
// employee sees it.
#include "core/cli/association_keys.h"

#include <memory>

#include <absl/strings/match.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/own_words.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using access::v1::ApiKey;
using access::v1::JoinCode;

constexpr int kLetterWidth = 78;
// Parts of the letter in own_texts.csv: letter_10 to letter_14 are the steps.
constexpr int kFirstStep = 10;
constexpr int kLastStep = 14;

struct InviteOptions {
  std::string association;
  std::string id;
  bool letter = false;
};

// The last whole day on which the code works.
std::string LastDay(const JoinCode& code, const std::string& language) {
  return DayText(base::DanishDayOf(base::ToInstant(code.expire_time()), -1), language);
}

absl::StatusOr<std::string> MunicipalityName(Session& session, const std::string& code) {
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<registry::v1::ListMunicipalitiesResponse>(
                                             registry::v1::ListMunicipalitiesRequest()));
  for (const auto& each : answer.municipalities()) {
    if (each.code() == code) return each.official_name();
  }
  return code;
}

// What is to be done stands together.
bool IsStep(int part) { return part >= kFirstStep && part < kLastStep; }

// In lines as a page has them.
std::string Wrapped(const std::string& text) {
  std::string wrapped;
  int width = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const int wide = DisplayWidth(std::string(word));
    const bool fits = width == 0 || width + 1 + wide <= kLetterWidth;
    if (width > 0) wrapped += fits ? ' ' : '\n';
    width = fits && width > 0 ? width + 1 + wide : wide;
    absl::StrAppend(&wrapped, word);
  }
  return wrapped;
}

// A letter on a page.
Outcome WriteLetter(Session& session,
                    const registry::v1::Association& association,
                    const access::v1::CreateJoinCodeResponse& made) {
  constexpr int kLastPart = 16;
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const std::string municipality,
                      MunicipalityName(session, association.municipality_code()));
  const bool remote = absl::StartsWith(session.address(), "https://");
  const std::vector<std::pair<std::string, std::string>> values = {
      {"association", association.official_name()},
      {"server", remote ? session.address() : OwnText("letter_server", language)},
      {"code", made.code()},
      {"day", LastDay(made.join_code(), language)},
      {"municipality", municipality}};
  for (int part = 1; part <= kLastPart; ++part) {
    const std::string text = OwnText(fmt::format("letter_{:02}", part), language, values);
    session.Write(Wrapped(text) + (IsStep(part) ? "\n" : "\n\n"));
  }
  return 0;
}

Outcome Invite(Session& session, const InviteOptions& options) {
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  access::v1::CreateJoinCodeRequest request;
  request.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(const auto made, session.Call<access::v1::CreateJoinCodeResponse>(request));
  if (options.letter) return WriteLetter(session, association, made);
  session.Say(OwnText("invite_code", language));
  WriteRecord(session, made, [&] {
    return Rows{.columns = {{"code", "CODE"}}, .cells = {{{made.code()}}}};
  });
  session.Say(OwnText("invite_until", language, {{"day", LastDay(made.join_code(), language)}}));
  return 0;
}

Outcome Invites(Session& session, const InviteOptions& options) {
  const std::string& language = session.language();
  access::v1::ListJoinCodesRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(const auto listed, session.Call<access::v1::ListJoinCodesResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "joinCodes",
                                       {{"association", OwnText("head_association", language)},
                                        {"state", OwnText("head_stands", language)},
                                        {"made", OwnText("head_made", language)},
                                        {"made_by", OwnText("head_made_by", language)},
                                        {"until", OwnText("head_until", language)},
                                        {"used", OwnText("head_use", language)},
                                        {"id", OwnText("head_id", language)}}));
  for (const JoinCode& code : listed.join_codes()) {
    writer.Add(code, {{code.official_name()},
                      {EnumText(*JoinCode::State_descriptor(), code.state(), language)},
                      {ShowTime(code.create_time(), language)},
                      {code.created_by()},
                      {ShowTime(code.expire_time(), language)},
                      {ShowTime(code.use_time(), language)},
                      {code.id().substr(0, kShownIdLength)}});
  }
  writer.Finish();
  return 0;
}

Outcome Uninvite(Session& session, const InviteOptions& options) {
  access::v1::WithdrawJoinCodeRequest request;
  request.set_join_code_id(options.id);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<access::v1::WithdrawJoinCodeResponse>(request));
  session.Say(OwnText("invite_taken_back", session.language(),
                      {{"association", answer.join_code().official_name()}}));
  return 0;
}

}  // namespace

Outcome ListAssociationKeys(Session& session, const std::string& association_id) {
  const std::string& language = session.language();
  access::v1::ListAssociationKeysRequest request;
  request.set_association_id(association_id);
  BB_ASSIGN_OR_RETURN(const auto listed,
                      session.Call<access::v1::ListAssociationKeysResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "apiKeys",
                                       {{"title", OwnText("head_title", language)},
                                        {"made", OwnText("head_made", language)},
                                        {"until", OwnText("head_until", language)},
                                        {"used", OwnText("head_used", language)},
                                        {"revoked", OwnText("head_revoked", language)},
                                        {"id", OwnText("head_id", language)}}));
  for (const ApiKey& key : listed.api_keys()) {
    writer.Add(key, {{key.title()},
                     {ShowTime(key.create_time(), language)},
                     {ShowTime(key.expire_time(), language)},
                     {ShowTime(key.last_use_time(), language)},
                     {ShowTime(key.revoke_time(), language)},
                     {key.id().substr(0, kShownIdLength)}});
  }
  writer.Finish();
  if (listed.api_keys().empty()) session.Say(OwnText("keys_none", language));
  return 0;
}

Outcome EndAssociationKey(Session& session, const std::string& typed_id) {
  access::v1::RevokeAssociationKeyRequest request;
  request.set_api_key_id(typed_id);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<access::v1::RevokeAssociationKeyResponse>(request));
  session.Say(OwnText("key_gone", session.language(), {{"title", answer.api_key().title()}}));
  return 0;
}

void AddAssociationKeys(const Command& parent) {
  const auto options = std::make_shared<InviteOptions>();
  const ValueHint which = {.summary = "Id (or its start), CVR number or whole name",
                           .completes = Completes::kAssociation};
  parent
      .Add("invite", "Make a code with which an association's board signs it in; it is shown once")
      .Argument("ASSOCIATION", options->association, which)
      .Flag("--letter", options->letter, "Write a letter with the code, in plain words (--lang)")
      .Does([options](Session& session) { return Invite(session, *options); });
  parent.Add("invites", "List such codes, without the codes themselves")
      .OptionalArgument("ASSOCIATION", options->association, which)
      .Does([options](Session& session) { return Invites(session, *options); });
  parent.Add("uninvite", "Take back a code that nobody has used")
      .Argument("ID", options->id, {.summary = "As brobygger association invites shows it"})
      .Does([options](Session& session) { return Uninvite(session, *options); });
  parent.Add("keys", "List who can sign in for an association: by function, never by name")
      .Argument("ASSOCIATION", options->association, which)
      .Does([options](Session& session) -> Outcome {
        BB_ASSIGN_OR_RETURN(const auto found, FindAssociation(session, options->association));
        return ListAssociationKeys(session, found.id());
      });
  parent.Add("end-key", "End a key of an association; the next call with it is refused")
      .Argument("ID", options->id, {.summary = "As brobygger association keys shows it"})
      .Does([options](Session& session) { return EndAssociationKey(session, options->id); });
}

}  // namespace brobygger::cli
