#include "core/cli/pile.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "core/model/names.h"

namespace brobygger::cli {
namespace {

constexpr std::size_t kKeyBytes = 32;

using Signs = std::set<std::string>;

// The signs of all applications of a group.
struct GroupSigns {
  Signs board;
  Signs accounts;
  Signs addresses;
  Signs phones;
};

GroupSigns SignsOf(const PileGroup& group, const std::vector<Application>& pile) {
  GroupSigns signs;
  for (const std::size_t at : group.applications) {
    const Application& application = pile[at];
    signs.board.insert(application.board.begin(), application.board.end());
    signs.phones.insert(application.phones.begin(), application.phones.end());
    if (!application.account.empty()) signs.accounts.insert(application.account);
    if (!application.address.empty()) signs.addresses.insert(application.address);
  }
  return signs;
}

std::size_t InCommon(const Signs& left, const Signs& right) {
  std::vector<std::string> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(both));
  return both.size();
}

// Which group each application joins: that of the same registry association, or
// the one that the model says it is, by the mean over the group's records.
class Grouping {
 public:
  explicit Grouping(std::shared_ptr<const matching::Model> model) : index_(std::move(model)) {}

  void Add(std::size_t place, const Application& application) {
    const std::size_t group = GroupOf(application);
    if (group == groups_.size()) {
      groups_.emplace_back();
      records_.emplace_back();
    }
    groups_[group].applications.push_back(place);
    records_[group].push_back(application.record);
    index_.Put(std::to_string(group), records_[group]);
    if (!application.association_id.empty()) by_association_[application.association_id] = group;
  }

  std::vector<PileGroup> Take() { return std::move(groups_); }

 private:
  std::size_t GroupOf(const Application& application) const {
    const auto known = by_association_.find(application.association_id);
    if (known != by_association_.end()) return known->second;
    const matching::Resolution found = index_.Resolve(application.record);
    if (found.verdict != matching::Verdict::kSame) return groups_.size();
    return std::stoul(found.matches.front().association_id);
  }

  matching::Index index_;
  std::vector<PileGroup> groups_;
  std::vector<std::vector<matching::Record>> records_;
  std::map<std::string, std::size_t> by_association_;
};

}  // namespace

RunKey::RunKey() : key_(kKeyBytes, '\0') {
  RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), static_cast<int>(key_.size()));
}

RunKey::~RunKey() { OPENSSL_cleanse(key_.data(), key_.size()); }

std::string RunKey::SignOf(const std::string& text) const {
  std::vector<std::string> words = absl::StrSplit(model::FoldName(text), ' ', absl::SkipEmpty());
  std::sort(words.begin(), words.end());
  std::string folded = absl::StrJoin(words, " ");
  if (folded.empty()) return "";
  std::array<unsigned char, EVP_MAX_MD_SIZE> sign{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(folded.data()), folded.size(), sign.data(), &size);
  OPENSSL_cleanse(folded.data(), folded.size());
  return {sign.begin(), sign.begin() + size};
}

std::vector<PileGroup> GroupPile(const std::vector<Application>& pile,
                                 std::shared_ptr<const matching::Model> model) {
  Grouping grouping(std::move(model));
  for (std::size_t i = 0; i < pile.size(); ++i) grouping.Add(i, pile[i]);
  std::vector<PileGroup> groups = grouping.Take();
  std::vector<GroupSigns> signs;
  for (const PileGroup& group : groups) signs.push_back(SignsOf(group, pile));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t other = 0; other < groups.size(); ++other) {
      if (other == i) continue;
      const Shared shared{.other = other,
                          .board = InCommon(signs[i].board, signs[other].board),
                          .board_size = signs[i].board.size(),
                          .account = InCommon(signs[i].accounts, signs[other].accounts) > 0,
                          .address = InCommon(signs[i].addresses, signs[other].addresses) > 0,
                          .phone = InCommon(signs[i].phones, signs[other].phones) > 0};
      const bool any = shared.board > 0 || shared.account || shared.address || shared.phone;
      if (any) groups[i].shared.push_back(shared);
    }
  }
  return groups;
}

}  // namespace brobygger::cli
