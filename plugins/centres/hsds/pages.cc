#include "plugins/centres/hsds/pages.h"

#include <optional>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "plugins/centres/hsds/trouble.h"

namespace brobygger::hsds {
namespace {

constexpr std::size_t kMostPages = 10'000;
constexpr std::size_t kMostItems = 100'000;
// So many may come in while others read.
constexpr long long kMostPagesMore = 10;

bool IsTrue(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && *found == json(true);
}

// Whether it says itself that it is the last; nothing if it does not say.
std::optional<bool> SaysLast(const json& page, std::size_t number) {
  const auto last = page.find("last_page");
  if (last != page.end() && last->is_boolean()) return last->get<bool>();
  if (const auto pages = NumberAt(page, "total_pages")) {
    return static_cast<long long>(number) >= *pages;
  }
  return std::nullopt;
}

// Whether a page without items is to be believed.
bool MayBeEmpty(const json& page, std::size_t number, const Listed& listed) {
  if (number > 1) return listed.total < 0 || listed.IsWhole();
  return listed.total == 0 || (listed.total < 0 && IsTrue(page, "empty"));
}

class PageReader {
 public:
  PageReader(Client& client, const std::string& path, int page_size)
      : client_(client), place_(path.substr(0, path.find('?'))) {
    const char* const more = absl::StrContains(path, "?") ? "&" : "?";
    path_ = absl::StrCat(path, more, "per_page=", page_size, "&page=");
  }

  absl::StatusOr<Listed> Read(const std::function<absl::Status(const json&)>& take) {
    for (std::size_t number = 1;; ++number) {
      if (number > kMostPages) return Failure(Fault::kWrongPage, place_, "no end");
      auto page = client_.Get(absl::StrCat(path_, number));
      if (!page.ok()) return page.status();
      if (absl::Status wrong = Judge(*page, number); !wrong.ok()) return wrong;
      const std::size_t before = listed_.ids.size();
      const json& items = ListAt(*page, "contents");
      for (const json& item : items) {
        if (const std::string id = TextAt(item, "id"); !id.empty()) listed_.ids.insert(id);
        if (absl::Status wrong = take(item); !wrong.ok()) return wrong;
      }
      listed_.pages = number;
      if (listed_.ids.size() > kMostItems) return Failure(Fault::kWrongPage, place_, "no end");
      const std::optional<bool> last = SaysLast(*page, number);
      const bool all = items.empty() || (listed_.total >= 0 && listed_.IsWhole());
      if (last.value_or(all)) return listed_;
      // The same page for ever, or pages of nothing.
      if (listed_.ids.size() == before) return Failure(Fault::kWrongPage, place_, "stuck");
    }
  }

 private:
  absl::Status Judge(const json& page, std::size_t number) {
    const auto contents = page.find("contents");
    if (contents == page.end() || !contents->is_array()) {
      return Failure(Fault::kUnexpected, place_);
    }
    listed_.total = NumberAt(page, "total_items").value_or(-1);
    const auto told = NumberAt(page, "page_number");
    if (told && *told != static_cast<long long>(number)) {
      return Failure(Fault::kWrongPage, place_, absl::StrCat(*told, " instead of ", number));
    }
    const auto pages = NumberAt(page, "total_pages");
    if (pages && static_cast<long long>(number) > *pages + kMostPagesMore) {
      return Failure(Fault::kWrongPage, place_, "no end");
    }
    if (contents->empty() && !MayBeEmpty(page, number, listed_)) {
      return Failure(Fault::kDisagrees, place_);
    }
    return absl::OkStatus();
  }

  Client& client_;
  const std::string place_;
  std::string path_;
  Listed listed_;
};

}  // namespace

absl::StatusOr<Listed> ReadPages(Client& client,
                                 const std::string& path,
                                 int page_size,
                                 const std::function<absl::Status(const json& item)>& take) {
  return PageReader(client, path, page_size).Read(take);
}

}  // namespace brobygger::hsds
