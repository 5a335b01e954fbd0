// identity model show, preview and use.
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using identity::v1::ModelChange;
using identity::v1::ModelInfo;

// Looking at a whole registry anew takes its time.
constexpr std::chrono::minutes kModelPatience(10);

struct ModelOptions {
  std::string file;
  bool shipped = false;
};

std::string ModelText(const ModelInfo& model, const std::string& language) {
  const std::string origin =
      model.shipped()
          ? IdentityText("model_shipped", language)
          : FillText("model_used", language, ShowTime(model.use_time(), language), model.actor());
  return FillText("model_line", language, model.version(), origin, model.association_count(),
                  model.record_count(), model.memory_bytes() >> 20);
}

Outcome WriteModel(Session& session, const ModelInfo& model) {
  if (session.format() == Format::kTable) {
    session.Write(ModelText(model, session.language()) + "\n");
    return 0;
  }
  WriteRecord(session, model, [&] {
    return Rows{
        .columns = {{"version", "VERSION"}, {"digest", "DIGEST"}, {"shipped", "SHIPPED"}},
        .cells = {{{model.version()}, {model.digest()}, {model.shipped() ? "true" : "false"}}}};
  });
  return 0;
}

Outcome Show(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<identity::v1::GetModelResponse>(
                                             identity::v1::GetModelRequest()));
  return WriteModel(session, answer.model());
}

std::vector<Cell> Cells(const ModelChange& change, const std::string& language) {
  return {
      {OneCleanLine(change.left_official_name())},   {OneCleanLine(change.right_official_name())},
      {VerdictText(change.verdict_now(), language)}, {VerdictText(change.verdict_then(), language)},
      {fmt::format("{:+.2f}", change.score_now())},  {fmt::format("{:+.2f}", change.score_then())},
      {ShortId(change.left_association_id())},       {ShortId(change.right_association_id())}};
}

Outcome Preview(Session& session, const ModelOptions& options) {
  identity::v1::PreviewModelRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_model_text(), ReadText(options.file));
  BB_ASSIGN_OR_RETURN(auto preview, session.hub().Call<identity::v1::PreviewModelResponse>(
                                        request, session.patience(kModelPatience)));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "changes",
                                                          {{"left_official_name", "FIRST"},
                                                           {"right_official_name", "SECOND"},
                                                           {"verdict_now", "NOW"},
                                                           {"verdict_then", "THEN"},
                                                           {"score_now", "SCORE NOW"},
                                                           {"score_then", "SCORE THEN"},
                                                           {"left_association_id", "FIRST ID"},
                                                           {"right_association_id", "SECOND ID"}}));
  for (const auto& change : preview.changes()) {
    writer.Add(change, Cells(change, session.language()));
  }
  preview.clear_changes();
  writer.Finish(&preview);
  session.Say(FillText("preview_line", session.language(), preview.version(),
                       preview.change_count(), preview.newly_same_count(),
                       preview.newly_asked_count(), preview.decided_count()));
  return 0;
}

Outcome Use(Session& session, const ModelOptions& options) {
  identity::v1::UseModelRequest request;
  request.set_shipped(options.shipped);
  if (options.file.empty() == !options.shipped) {
    return absl::InvalidArgumentError("Give either a model file or --shipped.");
  }
  if (!options.shipped) {
    BB_ASSIGN_OR_RETURN(*request.mutable_model_text(), ReadText(options.file));
  }
  BB_ASSIGN_OR_RETURN(const bool sure,
                      session.Confirm("Decide by this model from now on? (model preview shows "
                                      "what it changes)"));
  if (!sure) return absl::CancelledError("The model in use stays.");
  BB_ASSIGN_OR_RETURN(const auto used, session.hub().Call<identity::v1::UseModelResponse>(
                                           request, session.patience(kModelPatience)));
  return WriteModel(session, used.model());
}

}  // namespace

void AddIdentityModel(const Command& parent) {
  const auto options = std::make_shared<ModelOptions>();
  const ValueHint file{.summary = "A model file", .completes = Completes::kFile};
  Command model = parent.Add("model", "The model that the hub decides by");
  model.Add("show", "Which one it is, and what it works on").Does([](Session& session) {
    return Show(session);
  });
  model.Add("preview", "What another model would change; changes nothing")
      .Argument("FILE", options->file, file)
      .Does([options](Session& session) { return Preview(session, *options); });
  model.Add("use", "Decide by another model from now on; asks nothing again that was decided")
      .OptionalArgument("FILE", options->file, file)
      .Flag("--shipped", options->shipped, "Go back to the one the program came with")
      .Does([options](Session& session) { return Use(session, *options); });
}

}  // namespace brobygger::cli
