// alignment start, show, answer, talk, accept and agreement.
#include <memory>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/collab/v1/collaboration_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"

namespace brobygger::cli {
namespace {

using collab::v1::AlignmentAnswer;
using collab::v1::AlignmentRound;
using collab::v1::AlignmentStatement;
using collab::v1::GetCollaborationResponse;
using collab::v1::SideAnswers;

constexpr int kHighest = 5;

struct AlignmentOptions {
  std::string collaboration;
  std::string side;
  std::vector<std::string> set;
  std::vector<std::string> comments;
  std::string statement;
  std::string word;
  std::string text;
};

absl::StatusOr<GetCollaborationResponse> Load(Session& session, const std::string& typed) {
  collab::v1::GetCollaborationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(), CollaborationId(session, typed));
  return session.Call<GetCollaborationResponse>(request);
}

const std::string& TextOf(const AlignmentStatement& statement, const std::string& language) {
  return language == "da" ? statement.text_da() : statement.text_en();
}

const SideAnswers* AnswersOf(const AlignmentRound& round, collab::v1::CollaborationSide side) {
  for (const SideAnswers& each : round.answers()) {
    if (each.side() == side) return &each;
  }
  return nullptr;
}

// "4", "4: we are few", "hidden", "".
std::string AnswerText(const SideAnswers* answers,
                       const std::string& id,
                       const std::string& language) {
  if (answers == nullptr) return "";
  if (answers->answers().empty()) return CollabText("hidden", language);
  for (const AlignmentAnswer& answer : answers->answers()) {
    if (answer.statement_id() != id || answer.agreement() == 0) continue;
    return answer.comment().empty() ? absl::StrCat(answer.agreement())
                                    : absl::StrCat(answer.agreement(), ": ", answer.comment());
  }
  return CollabText("not_answered", language);
}

std::string TalkText(const GetCollaborationResponse& answer,
                     const std::string& id,
                     const std::string& language) {
  for (const auto& talk : answer.alignment().talks()) {
    if (talk.statement_id() == id) {
      return absl::StrCat(CollabText("talked", language), ": ", talk.outcome());
    }
  }
  for (const auto& difference : answer.differences()) {
    if (difference.statement_id() == id) return CollabText("must_talk", language);
  }
  return "";
}

// What to do next, in a line.
std::string NextText(const GetCollaborationResponse& answer, const std::string& language) {
  const AlignmentRound& round = answer.alignment();
  const char* key = "next_answer";
  if (round.state() == collab::v1::ALIGNMENT_STATE_ANSWERED_BY_ONE) {
    const bool ours = round.answers(0).side() == collab::v1::COLLABORATION_SIDE_MUNICIPALITY;
    key = ours ? "next_answer_association" : "next_answer_municipality";
  }
  if (round.state() == collab::v1::ALIGNMENT_STATE_ALIGNED) key = "next_agreed";
  if (round.state() == collab::v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH) key = "next_accept";
  for (const auto& difference : answer.differences()) {
    if (round.state() != collab::v1::ALIGNMENT_STATE_ALIGNED && !difference.talked()) {
      key = "next_talk";
    }
  }
  return CollabText(key, language, {{"id", round.collaboration_id().substr(0, kShownIdLength)}});
}

Outcome Show(Session& session, const AlignmentOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto answer, Load(session, options.collaboration));
  const AlignmentRound& round = answer.alignment();
  if (!answer.has_alignment()) {
    return absl::NotFoundError(
        "No round of expectations has been begun: brobygger alignment start.");
  }
  const std::string& language = session.language();
  const auto* ours = AnswersOf(round, collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  const auto* theirs = AnswersOf(round, collab::v1::COLLABORATION_SIDE_ASSOCIATION);
  WriteRecord(session, round, [&] {
    Rows rows{.columns = {{"id", "STATEMENT"},
                          {"text", "TEXT"},
                          {"municipality", "MUNICIPALITY"},
                          {"association", "ASSOCIATION"},
                          {"talk", ""}},
              .cells = {}};
    for (const AlignmentStatement& statement : round.statements()) {
      rows.cells.push_back({{statement.id()},
                            {TextOf(statement, language)},
                            {AnswerText(ours, statement.id(), language)},
                            {AnswerText(theirs, statement.id(), language)},
                            {TalkText(answer, statement.id(), language)}});
    }
    return rows;
  });
  for (const SideAnswers& side : round.answers()) {
    if (!side.has_accept_time()) continue;
    session.Say(
        absl::StrCat(EnumText(*collab::v1::CollaborationSide_descriptor(), side.side(), language),
                     " ", CollabText("accepted", language)));
  }
  session.Say(NextText(answer, language));
  return 0;
}

Outcome Start(Session& session, const AlignmentOptions& options) {
  collab::v1::StartAlignmentRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<collab::v1::StartAlignmentResponse>(request);
  if (!answer.ok()) return Explained(session, request.collaboration_id(), answer.status());
  return Show(session, options);
}

// "roles-1=4" as its two parts.
absl::StatusOr<std::pair<std::string, std::string>> Split(const std::string& typed,
                                                          const char* option) {
  const std::size_t equals = typed.find('=');
  if (equals == std::string::npos || equals == 0) {
    return absl::InvalidArgumentError(
        fmt::format("{} '{}' is not STATEMENT=VALUE, as in roles-1=4.", option, typed));
  }
  return std::pair(typed.substr(0, equals), typed.substr(equals + 1));
}

absl::StatusOr<int> ToAgreement(const std::string& typed) {
  if (typed.empty()) return 0;
  if (typed.size() == 1 && typed[0] >= '1' && typed[0] <= '0' + kHighest) return typed[0] - '0';
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no answer: write 1 (disagrees) to 5 (agrees).", typed));
}

AlignmentAnswer& AnswerTo(const std::string& id, collab::v1::AnswerAlignmentRequest& request) {
  for (AlignmentAnswer& answer : *request.mutable_answers()) {
    if (answer.statement_id() == id) return answer;
  }
  AlignmentAnswer& answer = *request.add_answers();
  answer.set_statement_id(id);
  return answer;
}

// Asks a person at the terminal for each statement.
absl::Status AskAll(Session& session,
                    const AlignmentRound& round,
                    collab::v1::AnswerAlignmentRequest& request) {
  const std::string& language = session.language();
  for (const AlignmentStatement& statement : round.statements()) {
    session.Say(TextOf(statement, language));
    while (true) {
      const std::string typed = session.AskLine(CollabText("ask_agreement", language) + ": ");
      if (session.InputEnded()) return absl::CancelledError("Nothing was written down.");
      const auto agreement = ToAgreement(typed);
      if (agreement.ok()) {
        AnswerTo(statement.id(), request).set_agreement(*agreement);
        break;
      }
      session.Say(std::string(agreement.status().message()));
    }
  }
  return absl::OkStatus();
}

absl::Status SetGiven(const AlignmentOptions& options,
                      collab::v1::AnswerAlignmentRequest& request) {
  for (const std::string& typed : options.set) {
    BB_ASSIGN_OR_RETURN(const auto parts, Split(typed, "--set"));
    BB_ASSIGN_OR_RETURN(const int agreement, ToAgreement(parts.second));
    AnswerTo(parts.first, request).set_agreement(agreement);
  }
  for (const std::string& typed : options.comments) {
    BB_ASSIGN_OR_RETURN(const auto parts, Split(typed, "--comment"));
    AnswerTo(parts.first, request).set_comment(parts.second);
  }
  return absl::OkStatus();
}

Outcome Answer(Session& session, const AlignmentOptions& options) {
  collab::v1::AnswerAlignmentRequest request;
  BB_ASSIGN_OR_RETURN(const auto now, Load(session, options.collaboration));
  request.set_collaboration_id(now.collaboration().id());
  request.set_side(ToSide(options.side));
  if (options.set.empty() && session.CanAsk()) {
    BB_RETURN_IF_ERROR(AskAll(session, now.alignment(), request));
  }
  BB_RETURN_IF_ERROR(SetGiven(options, request));
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<collab::v1::AnswerAlignmentResponse>(request).status());
  return Show(session, options);
}

Outcome Talk(Session& session, const AlignmentOptions& options) {
  collab::v1::RecordTalkRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.mutable_talk()->set_statement_id(options.statement);
  request.mutable_talk()->set_outcome(options.text);
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<collab::v1::RecordTalkResponse>(request).status());
  return Show(session, options);
}

Outcome Accept(Session& session, const AlignmentOptions& options) {
  collab::v1::AcceptAlignmentRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.set_side(ToSide(options.side));
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<collab::v1::AcceptAlignmentResponse>(request).status());
  return Show(session, options);
}

Outcome Word(Session& session, const AlignmentOptions& options) {
  collab::v1::ExplainWordRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.set_side(ToSide(options.side));
  request.set_word(options.word);
  request.set_meaning(options.text);
  if (options.text.empty()) {
    // What is accepted is what stands there now, and is shown; not what comes after.
    BB_ASSIGN_OR_RETURN(const auto now, Load(session, request.collaboration_id()));
    request.set_etag(now.collaboration().etag());
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::ExplainWordResponse>(request));
  const std::string& language = session.language();
  WriteRecord(session, answer.collaboration(), [&] {
    Rows rows{.columns = {{"word", "WORD"}, {"meaning", "MEANING"}, {"accepted_by", "ACCEPTED BY"}},
              .cells = {}};
    for (const auto& meaning : answer.collaboration().meanings()) {
      std::vector<std::string> sides;
      for (const int each : meaning.accepted_by()) {
        sides.push_back(EnumText(*collab::v1::CollaborationSide_descriptor(), each, language));
      }
      rows.cells.push_back({{meaning.word()}, {meaning.text()}, {absl::StrJoin(sides, ", ")}});
    }
    return rows;
  });
  return 0;
}

Outcome Agreement(Session& session, const AlignmentOptions& options) {
  collab::v1::GetAgreementRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.set_language_code(session.language());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::GetAgreementResponse>(request));
  session.Write(answer.text());
  if (!answer.words_to_explain().empty()) {
    session.Say(CollabText("explain", session.language(),
                           {{"words", absl::StrJoin(answer.words_to_explain(), ", ")}}));
    SayAdvice(session, {collab::v1::ADVICE_TRIGGER_JARGON});
  }
  return 0;
}

}  // namespace

void AddAlignment(const Command& root) {
  Command alignment = root.Add("alignment", "What both sides of a collaboration expect");
  const auto options = std::make_shared<AlignmentOptions>();
  const ValueHint which = {.summary = "Id (or its start) of the collaboration, or whole title"};
  const ValueHint side = {.summary = "Whose it is",
                          .completes = Completes::kWord,
                          .words = {"municipality", "association"}};
  alignment.Add("start", "Begin a round, the first or one that counts from now on")
      .Argument("COLLABORATION", options->collaboration, which)
      .Does([options](Session& session) { return Start(session, *options); });
  alignment.Add("show", "Show the newest round, and what to do next")
      .Argument("COLLABORATION", options->collaboration, which)
      .Does([options](Session& session) { return Show(session, *options); });
  alignment.Add("answer", "Answer for one side; asks at a terminal")
      .Argument("COLLABORATION", options->collaboration, which)
      .Required("--side", options->side, side)
      .Options("--set", options->set, {.summary = "STATEMENT=1..5, as in roles-1=4"})
      .Options("--comment", options->comments, {.summary = "STATEMENT=TEXT"})
      .Does([options](Session& session) { return Answer(session, *options); });
  alignment.Add("talk", "Write down what came of talking about a difference")
      .Argument("COLLABORATION", options->collaboration, which)
      .Argument("STATEMENT", options->statement, {.summary = "As in roles-1"})
      .Argument("OUTCOME", options->text, {.summary = "What both will hold to"})
      .Does([options](Session& session) { return Talk(session, *options); });
  alignment.Add("accept", "Say yes for one side")
      .Argument("COLLABORATION", options->collaboration, which)
      .Required("--side", options->side, side)
      .Does([options](Session& session) { return Accept(session, *options); });
  alignment.Add("word", "Say what a word means here, or accept what the other side said")
      .Argument("COLLABORATION", options->collaboration, which)
      .Argument("WORD", options->word, {.summary = "As in frivillighed"})
      .Required("--side", options->side, side)
      .Option("--meaning", options->text, {.summary = "What is meant; else the other side's"})
      .Does([options](Session& session) { return Word(session, *options); });
  alignment.Add("agreement", "Show what was agreed, in plain words")
      .Argument("COLLABORATION", options->collaboration, which)
      .Does([options](Session& session) { return Agreement(session, *options); });
}

}  // namespace brobygger::cli
