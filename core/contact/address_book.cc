#include "core/contact/address_book.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <absl/container/flat_hash_set.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <openssl/sha.h>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/base/status_macros.h"
#include "core/contact/data.h"
#include "core/model/identifiers.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"

namespace brobygger::contact {
namespace {

using storage::Kind;
using v1::Touchpoint;

std::string DomainOfAddress(const std::string& address) {
  const std::size_t at = address.rfind('@');
  return at == std::string::npos ? "" : absl::AsciiStrToLower(address.substr(at + 1));
}

// "https://www.lawan.example/om" -> "lawan.example".
std::string DomainOfPage(const std::string& url) {
  const std::size_t scheme = url.find("://");
  std::string host = scheme == std::string::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/:?#"));
  absl::AsciiStrToLower(&host);
  return absl::StartsWith(host, "www.") ? host.substr(4) : host;
}

bool IsShared(const std::string& domain) {
  static const auto* const kShared = new absl::flat_hash_set<std::string>(
      absl::StrSplit(std::string(kSharedDomains), '\n', absl::SkipEmpty()));
  // A page on a shared host: "lawan.wordpress.com".
  std::string rest = domain;
  while (!rest.empty()) {
    // A country's own domain says nothing of those below it.
    if (kShared->contains(rest) && (rest == domain || absl::StrContains(rest, '.'))) return true;
    const std::size_t dot = rest.find('.');
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  return false;
}

void AddOwner(absl::flat_hash_map<std::string, std::vector<std::string>>& owners,
              const std::string& key,
              const std::string& id) {
  std::vector<std::string>& ids = owners[key];
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

// Collects what was recognised, the strongest sign of each association.
class Findings {
 public:
  explicit Findings(Touchpoint::Basis basis) : basis_(basis) {}
  void Become(Touchpoint::Basis basis) { basis_ = basis; }

  void Add(const std::vector<std::string>& owners) {
    for (const std::string& id : owners) {
      const Recognised found{id, basis_, owners.size() > 1};
      const auto [place, is_new] = found_.try_emplace(id, found);
      // Another sign of the same strength may leave no doubt.
      if (!is_new && place->second.basis == basis_ && !found.in_review) place->second = found;
    }
  }

  std::vector<Recognised> Take() {
    std::vector<Recognised> all;
    for (auto& [id, found] : found_) all.push_back(std::move(found));
    return all;
  }

 private:
  Touchpoint::Basis basis_;
  std::map<std::string, Recognised> found_;
};

}  // namespace

absl::StatusOr<AddressBook> AddressBook::Make(const storage::Snapshot& snapshot,
                                              const Pseudonyms& pseudonyms) {
  AddressBook book;
  BB_RETURN_IF_ERROR((registry::ForEachRecord<registry::v1::Association>(
      snapshot, Kind::kAssociation, "", [&](const registry::v1::Association& association) {
        // What an employee wrote in a category before a merge still means the same.
        const std::string& survivor = association.merged_into_association_id();
        if (!association.has_delete_time()) book.Add(association, pseudonyms);
        if (!survivor.empty()) AddOwner(book.by_code_, association.id(), survivor);
        return absl::OkStatus();
      })));
  // A domain that several use is nobody's own.
  absl::erase_if(book.by_domain_, [](const auto& entry) { return entry.second.size() > 1; });
  // A department's own staff is asked to its meetings; their domain is no association's.
  BB_RETURN_IF_ERROR((registry::ForEachRecord<registry::v1::Department>(
      snapshot, Kind::kDepartment, "", [&](const registry::v1::Department& department) {
        const std::string domain = DomainOfAddress(department.contact_email());
        if (!domain.empty()) book.by_domain_.erase(pseudonyms.Of("domain", domain));
        const std::string mailbox = absl::AsciiStrToLower(department.contact_email());
        if (!mailbox.empty()) book.by_address_.erase(pseudonyms.Of("address", mailbox));
        return absl::OkStatus();
      })));
  std::vector<std::string> all;
  for (const Owners* const owners : {&book.by_code_, &book.by_address_, &book.by_domain_}) {
    for (const auto& [key, ids] : *owners) all.push_back(key + " " + absl::StrJoin(ids, " "));
  }
  std::sort(all.begin(), all.end());
  book.fingerprint_ = StableHash(absl::StrJoin(all, "\n"));
  return book;
}

void AddressBook::Add(const registry::v1::Association& association, const Pseudonyms& pseudonyms) {
  const std::string& id = association.id();
  AddOwner(by_code_, id, id);
  AddOwner(by_code_, model::FoldName(association.official_name()), id);
  for (const auto& other : association.other_names()) {
    AddOwner(by_code_, model::FoldName(other.text()), id);
  }
  for (const auto& identifier : association.identifiers()) {
    if (identifier.scheme() == model::kSchemeCvr) AddOwner(by_code_, identifier.value(), id);
  }
  const auto add_domain = [&](const std::string& domain) {
    if (domain.empty() || IsShared(domain)) return;
    AddOwner(by_domain_, pseudonyms.Of("domain", domain), id);
  };
  for (const std::string& email : association.emails()) {
    AddOwner(by_address_, pseudonyms.Of("address", absl::AsciiStrToLower(email)), id);
    add_domain(DomainOfAddress(email));
  }
  for (const std::string& website : association.websites()) add_domain(DomainOfPage(website));
}

absl::StatusOr<std::shared_ptr<const AddressBook>> AddressBooks::Get(
    const storage::Snapshot& snapshot) {
  storage::IndexRange range{.prefix = {}, .after = {}, .limit = 1, .backwards = true};
  BB_ASSIGN_OR_RETURN(const auto last,
                      snapshot.ScanIndex(storage::Index::kAssociationByUpdate, range));
  std::string made_of = last.empty() ? "" : last.front().value;
  BB_RETURN_IF_ERROR((registry::ForEachRecord<registry::v1::Department>(
      snapshot, Kind::kDepartment, "", [&](const registry::v1::Department& department) {
        absl::StrAppend(&made_of, " ", department.id(), department.etag());
        return absl::OkStatus();
      })));
  absl::MutexLock lock(&mutex_);
  if (book_ == nullptr || made_of != made_of_) {
    BB_ASSIGN_OR_RETURN(AddressBook made, AddressBook::Make(snapshot, pseudonyms_));
    book_ = std::make_shared<const AddressBook>(std::move(made));
    made_of_ = made_of;
  }
  return book_;
}

std::uint64_t StableHash(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::uint64_t hash = 0;
  for (int i = 0; i < 8; ++i) hash = hash << 8 | digest[static_cast<std::size_t>(i)];
  return hash;
}

std::vector<Recognised> AddressBook::Recognise(const Asked& asked, bool category_only) const {
  const auto look = [](const Owners& owners, const std::string& key, Findings& findings) {
    const auto found = owners.find(key);
    if (found != owners.end()) findings.Add(found->second);
  };
  Findings findings(Touchpoint::BASIS_CATEGORY);
  for (const std::string& code : asked.codes) {
    const std::string plain = absl::AsciiStrToLower(absl::StripAsciiWhitespace(code));
    look(by_code_, by_code_.contains(plain) ? plain : model::FoldName(code), findings);
  }
  if (category_only) return findings.Take();
  findings.Become(Touchpoint::BASIS_ADDRESS);
  for (const std::string& address : asked.addresses) look(by_address_, address, findings);
  findings.Become(Touchpoint::BASIS_DOMAIN);
  for (const std::string& domain : asked.domains) look(by_domain_, domain, findings);
  return findings.Take();
}

}  // namespace brobygger::contact
