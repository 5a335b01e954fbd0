// The order in which match questions are shown: see ListQuestions().
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/registry/ingest.h"
#include "core/registry/page.h"
#include "core/registry/questions.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::ListQuestionsRequest;
using identity::v1::ListQuestionsResponse;
using identity::v1::MatchQuestion;
using storage::Kind;

using Questions = std::vector<MatchQuestion>;

absl::StatusOr<Questions> ReadAll(const storage::Snapshot& snapshot, bool closed) {
  Questions questions;
  storage::KeyRange range{.prefix = closed ? "done/" : "open/", .after = "", .limit = 1000};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kMatchQuestion, range));
    if (entries.empty()) return questions;
    for (const storage::Entry& entry : entries) {
      BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, questions.emplace_back()));
    }
    range.after = entries.back().key;
  }
}

// Groups what is linked; each group is named by its first member.
class Families {
 public:
  std::string Of(std::string id) {
    for (auto up = parents_.find(id); up != parents_.end(); up = parents_.find(id)) {
      id = up->second;
    }
    return id;
  }
  void Link(const std::string& left, const std::string& right) {
    const std::string first = Of(left);
    const std::string second = Of(right);
    if (first != second) parents_[std::max(first, second)] = std::min(first, second);
  }

 private:
  std::map<std::string, std::string> parents_;
};

void SetFamilies(Questions& questions) {
  Families families;
  for (const auto& question : questions) {
    families.Link(question.left_association_id(), question.right_association_id());
  }
  for (auto& question : questions) {
    question.set_family_id(families.Of(question.left_association_id()));
  }
}

// Families by their best question, and within one the best first.
std::size_t Order(Questions& questions) {
  std::map<std::string, double> best;
  for (const auto& question : questions) {
    double& gain = best[question.family_id()];
    gain = std::max(gain, question.expected_gain());
  }
  std::sort(questions.begin(), questions.end(), [&](const auto& left, const auto& right) {
    const auto place = [&](const MatchQuestion& each) {
      return std::make_tuple(-best.at(each.family_id()), each.family_id(), -each.expected_gain(),
                             each.id());
    };
    return place(left) < place(right);
  });
  return best.size();
}

// Where the page begins: after the question the token names, or where it stood if
// it has been answered meanwhile.
absl::StatusOr<std::size_t> Begin(const ListQuestionsRequest& request,
                                  const std::string& arguments,
                                  const Questions& questions) {
  if (request.page_token().empty()) return std::size_t{0};
  BB_ASSIGN_OR_RETURN(const PagePlace place, ReadPageToken(request.page_token(), arguments));
  const auto last = std::find_if(questions.begin(), questions.end(),
                                 [&](const auto& each) { return each.id() == place.key; });
  if (last != questions.end()) return static_cast<std::size_t>(last - questions.begin()) + 1;
  return std::min<std::size_t>(place.revision, questions.size());
}

absl::StatusOr<std::string> NameOf(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(snapshot, id));
  return association ? association->official_name() : std::string();
}

}  // namespace

absl::StatusOr<ListQuestionsResponse> ListQuestions(const storage::Snapshot& snapshot,
                                                    const ListQuestionsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string arguments = PageArguments(
      {"questions", request.association_id(), request.show_closed() ? "closed" : "open"});
  BB_ASSIGN_OR_RETURN(Questions questions, ReadAll(snapshot, request.show_closed()));
  SetFamilies(questions);
  if (const std::string& id = request.association_id(); !id.empty()) {
    std::erase_if(questions, [&](const auto& each) {
      return each.left_association_id() != id && each.right_association_id() != id;
    });
  }
  ListQuestionsResponse response;
  response.set_family_count(Order(questions));
  response.set_total_count(questions.size());
  BB_ASSIGN_OR_RETURN(const std::size_t begin, Begin(request, arguments, questions));
  const std::size_t end = std::min(questions.size(), begin + static_cast<std::size_t>(size));
  for (std::size_t i = begin; i < end; ++i) {
    MatchQuestion& question = *response.add_questions();
    question = std::move(questions[i]);
    BB_ASSIGN_OR_RETURN(*question.mutable_left_official_name(),
                        NameOf(snapshot, question.left_association_id()));
    BB_ASSIGN_OR_RETURN(*question.mutable_right_official_name(),
                        NameOf(snapshot, question.right_association_id()));
  }
  if (end < questions.size()) {
    const std::string last = response.questions(response.questions_size() - 1).id();
    // Where the next page begins if its last question is gone by then.
    response.set_next_page_token(MakePageToken({end, "", last}, arguments));
  }
  return response;
}

}  // namespace brobygger::registry
