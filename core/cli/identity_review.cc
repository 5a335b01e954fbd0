// identity review: match questions, as a list or one at a time.
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/paging.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using identity::v1::DecideRequest;
using identity::v1::Decision;
using identity::v1::ListQuestionsRequest;
using identity::v1::ListQuestionsResponse;
using identity::v1::MatchQuestion;

struct ReviewOptions {
  std::string association;
  bool list = false;
  bool closed = false;
  PageOptions page;
};

// The places of the keys in the text "review_keys".
enum Key { kSame, kNotSame, kUnsure, kBranch, kFirstIsBranch, kWhy, kSkip, kQuit };

std::vector<Cell> Cells(const MatchQuestion& question, const std::string& language) {
  const std::string cause =
      question.cause().connection_id().empty()
          ? ""
          : question.cause().connection_id() + "/" + question.cause().external_id();
  return {{ShortId(question.family_id())},
          {OneCleanLine(question.left_official_name())},
          {OneCleanLine(question.right_official_name())},
          {fmt::format("{:+.2f}", question.score())},
          {fmt::format("{:.2f}", question.expected_gain())},
          {cause},
          {ShowTime(question.ask_time(), language)},
          {ShortId(question.left_association_id())},
          {ShortId(question.right_association_id())},
          {question.id()}};
}

absl::StatusOr<ListQuestionsRequest> RequestOf(Session& session, const ReviewOptions& options) {
  ListQuestionsRequest request;
  request.set_show_closed(options.closed);
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                        FindAssociationId(session, options.association));
  }
  return request;
}

Outcome List(Session& session, const ReviewOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto request, RequestOf(session, options));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "questions",
                                                          {{"family_id", "FAMILY"},
                                                           {"left_official_name", "FIRST"},
                                                           {"right_official_name", "SECOND"},
                                                           {"score", "SCORE"},
                                                           {"expected_gain", "GAIN"},
                                                           {"cause", "CAUSE"},
                                                           {"ask_time", "ASKED"},
                                                           {"left_association_id", "FIRST ID"},
                                                           {"right_association_id", "SECOND ID"},
                                                           {"id", "QUESTION"}}));
  const auto add = [&](const ListQuestionsResponse& page) {
    for (const auto& question : page.questions()) {
      writer.Add(question, Cells(question, session.language()));
    }
    return page.questions_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListQuestionsResponse>(session, request, options.page, add)));
  pages.last.clear_questions();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "question", pages.last.next_page_token());
  return 0;
}

// Asks a person one question after the other.
class Review {
 public:
  Review(Session& session, ListQuestionsRequest request)
      : session_(session), language_(session.language()), request_(std::move(request)) {
    request_.set_page_size(kLargestPage);
  }

  Outcome Run() {
    while (true) {
      BB_ASSIGN_OR_RETURN(const auto question, Next());
      if (!question) break;
      BB_ASSIGN_OR_RETURN(const bool go_on, AskOne(*question));
      if (!go_on) break;
    }
    session_.Say(left_ == 0 ? IdentityText("review_empty", language_)
                            : FillText("review_left", language_, left_));
    return left_ == 0 ? kExitDone : kExitPartly;
  }

 private:
  // Read anew each time: an answer may settle other questions.
  absl::StatusOr<std::optional<MatchQuestion>> Next() {
    BB_ASSIGN_OR_RETURN(const auto page, session_.Call<ListQuestionsResponse>(request_));
    left_ = page.total_count();
    families_ = page.family_count();
    for (const auto& question : page.questions()) {
      if (!skipped_.contains(question.id())) return std::optional<MatchQuestion>(question);
    }
    return std::optional<MatchQuestion>();
  }

  void Show(const MatchQuestion& question) {
    session_.Warn("");
    session_.Warn(FillText("question_of", language_, skipped_.size() + 1, left_, families_));
    session_.Warn(IdentityText("question_title", language_));
    session_.Warn("  1. " + OneCleanLine(question.left_official_name()));
    session_.Warn("  2. " + OneCleanLine(question.right_official_name()));
  }

  absl::Status ShowWhy(const MatchQuestion& question) {
    BB_ASSIGN_OR_RETURN(const auto why, GetPairExplanation(session_, question.left_association_id(),
                                                           question.right_association_id()));
    session_.Warn(ExplanationText(why, language_));
    return absl::OkStatus();
  }

  // Whether to go on.
  absl::StatusOr<bool> AskOne(const MatchQuestion& question) {
    Show(question);
    const std::string keys = IdentityText("review_keys", language_);
    while (true) {
      const std::string typed = session_.AskLine(IdentityText("review_prompt", language_));
      if (session_.InputEnded()) return false;
      const size_t key = typed.empty() ? std::string::npos : keys.find(typed[0]);
      switch (key) {
        case kSame:
        case kNotSame:
        case kUnsure:
        case kBranch:
        case kFirstIsBranch:
          BB_RETURN_IF_ERROR(Decide(question, static_cast<Key>(key)));
          return true;
        case kWhy:
          BB_RETURN_IF_ERROR(ShowWhy(question));
          break;
        case kSkip:
          skipped_.insert(question.id());
          return true;
        case kQuit:
          return false;
        default:
          break;
      }
    }
  }

  absl::Status Decide(const MatchQuestion& question, Key key) {
    DecideRequest request;
    request.set_question_id(question.id());
    request.set_kind(KindOf(key));
    // The question names the older one first; a branch is named before its parent.
    request.set_reverse(key == kBranch);
    request.set_note(session_.AskLine(IdentityText("review_note", language_)));
    request.set_request_id(base::MakeUuid());
    const auto decided = session_.Call<identity::v1::DecideResponse>(request);
    if (!decided.ok()) {
      // Said, and gone on: one answer that cannot be kept must not end the others.
      session_.Warn(ErrorText(decided.status(), session_.address(), false));
      skipped_.insert(question.id());
      return absl::OkStatus();
    }
    SayOutcome(session_, *decided);
    return absl::OkStatus();
  }

  static Decision::Kind KindOf(Key key) {
    switch (key) {
      case kSame:
        return Decision::KIND_SAME;
      case kNotSame:
        return Decision::KIND_NOT_SAME;
      case kUnsure:
        return Decision::KIND_UNSURE;
      default:
        return Decision::KIND_BRANCH_OF;
    }
  }

  Session& session_;
  const std::string language_;
  ListQuestionsRequest request_;
  std::set<std::string> skipped_;
  std::uint64_t left_ = 0;
  std::uint64_t families_ = 0;
};

Outcome RunReview(Session& session, const ReviewOptions& options) {
  const bool one_by_one =
      session.CanAsk() && session.format() == Format::kTable && !options.list && !options.closed;
  if (!one_by_one) return List(session, options);
  BB_ASSIGN_OR_RETURN(auto request, RequestOf(session, options));
  return Review(session, std::move(request)).Run();
}

}  // namespace

void AddIdentityReview(const Command& parent) {
  const auto options = std::make_shared<ReviewOptions>();
  Command review = parent.Add(
      "review", "Match questions, those first whose answer gains most; at a terminal one by one");
  review
      .Option("--association", options->association,
              {.summary = "Only those about this one", .completes = Completes::kAssociation})
      .Flag("--list", options->list, "Only list them")
      .Flag("--closed", options->closed, "List those that are closed");
  AddPageOptions(review, options->page);
  review.Does([options](Session& session) { return RunReview(session, *options); });
}

}  // namespace brobygger::cli
