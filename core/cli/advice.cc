// advice list, dismiss and restore, and what other commands say of it.
#include "core/cli/advice.h"

#include <algorithm>
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/collab/v1/advice_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::AdviceItem;
using collab::v1::ListAdviceRequest;
using collab::v1::ListAdviceResponse;

// More than these at once nobody reads.
constexpr int kMostAtOnce = 2;

struct AdviceOptions {
  std::string id;
  std::string association;
  std::string side;
  std::vector<std::string> moments;
  bool all = false;
};

std::vector<std::string> MomentWords() {
  return EnumWords(*collab::v1::AdviceTrigger_descriptor(), "ADVICE_TRIGGER_");
}

const std::string& TextOf(const AdviceItem& item, const std::string& language) {
  return language == "en" ? item.text_en() : item.text_da();
}

std::string MomentsOf(const AdviceItem& item, const std::string& language) {
  const auto& moments = item.because().empty() ? item.triggers() : item.because();
  return absl::StrJoin(moments, ", ", [&](std::string* out, int moment) {
    out->append(EnumText(*collab::v1::AdviceTrigger_descriptor(), moment, language));
  });
}

absl::StatusOr<std::string> AssociationId(Session& session, const std::string& typed) {
  if (typed.empty()) return std::string();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
  return association.id();
}

Outcome List(Session& session, const AdviceOptions& options) {
  ListAdviceRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                      AssociationId(session, options.association));
  const auto words = MomentWords();
  for (const std::string& each : options.moments) {
    request.add_triggers(static_cast<collab::v1::AdviceTrigger>(EnumNumber(words, each)));
  }
  request.set_side(ToSide(options.side));
  request.set_show_dismissed(options.all);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<ListAdviceResponse>(request));
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(auto writer, ListWriter::Make(session, "advice",
                                                    {{"id", "ADVICE"},
                                                     {"kind", "KIND"},
                                                     {"side", "FOR"},
                                                     {"when", "WHEN"},
                                                     {"text", "TEXT"}}));
  for (const AdviceItem& each : answer.advice()) {
    writer.Add(each,
               {{each.id()},
                {EnumText(*collab::v1::AdviceKind_descriptor(), each.kind(), language)},
                {EnumText(*collab::v1::CollaborationSide_descriptor(), each.side(), language)},
                {MomentsOf(each, language)},
                {TextOf(each, language)}});
  }
  writer.Finish();
  if (answer.advice().empty()) session.Say(CollabText("no_advice", language));
  return 0;
}

Outcome Dismiss(Session& session, const AdviceOptions& options) {
  collab::v1::DismissAdviceRequest request;
  request.set_advice_id(options.id);
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                      AssociationId(session, options.association));
  BB_RETURN_IF_ERROR(session.Call<collab::v1::DismissAdviceResponse>(request).status());
  session.Say(CollabText("advice_dismissed", session.language(), {{"id", options.id}}));
  return 0;
}

Outcome Restore(Session& session, const AdviceOptions& options) {
  collab::v1::RestoreAdviceRequest request;
  request.set_advice_id(options.id);
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                      AssociationId(session, options.association));
  BB_RETURN_IF_ERROR(session.Call<collab::v1::RestoreAdviceResponse>(request).status());
  session.Say(CollabText("advice_restored", session.language(), {{"id", options.id}}));
  return 0;
}

void AddWhich(Command& command, const std::shared_ptr<AdviceOptions>& options) {
  command.Argument("ADVICE", options->id, {.summary = "As brobygger advice list shows it"})
      .Option("--association", options->association,
              {.summary = "With this association alone", .completes = Completes::kAssociation});
}

}  // namespace

void SayAdvice(Session& session,
               const std::vector<collab::v1::AdviceTrigger>& moments,
               const std::string& association_id) {
  if (session.format() != Format::kTable) return;
  ListAdviceRequest request;
  request.set_association_id(association_id);
  request.mutable_triggers()->Assign(moments.begin(), moments.end());
  // The operator of a hub looks after both sides; who types a command is the municipality's.
  request.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  const auto answer = session.Call<ListAdviceResponse>(request);
  if (!answer.ok()) return;
  const std::string& language = session.language();
  const int count = std::min(answer->advice_size(), kMostAtOnce);
  for (int i = 0; i < count; ++i) {
    session.Say(CollabText(
        "advice_line", language,
        {{"text", TextOf(answer->advice(i), language)}, {"id", answer->advice(i).id()}}));
  }
}

void AddAdvice(const Command& root) {
  Command advice = root.Add("advice", "What helps when both sides meet, at the moment it applies");
  const auto options = std::make_shared<AdviceOptions>();
  advice.Add("list", "List advice: all of it, or what applies now")
      .Option("--association", options->association,
              {.summary = "What applies with this one now", .completes = Completes::kAssociation})
      .Options("--when", options->moments,
               {.summary = "Only for this moment; repeatable",
                .completes = Completes::kWord,
                .words = MomentWords()})
      .Option("--side", options->side,
              {.summary = "Only for this side; else yours",
               .completes = Completes::kWord,
               .words = {"municipality", "association"}})
      .Flag("--all", options->all, "What was put away, too")
      .Does([options](Session& session) { return List(session, *options); });
  Command dismiss = advice.Add("dismiss", "Put a piece away for your side");
  AddWhich(dismiss, options);
  dismiss.Does([options](Session& session) { return Dismiss(session, *options); });
  Command restore = advice.Add("restore", "Take a piece out again");
  AddWhich(restore, options);
  restore.Does([options](Session& session) { return Restore(session, *options); });
}

}  // namespace brobygger::cli
