#include "core/collab/networks.h"

#include "core/registry/joining.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

constexpr auto kDenied = errors::v1::ERROR_REASON_NOT_ALLOWED;
constexpr auto kInvalid = errors::v1::ERROR_REASON_FIELD_INVALID;

struct NetworkTown : WorkingTown {
  std::string other = Association("Broen");
  Actor other_itself{"user:3", other};

  v1::Network Made() {
    v1::CreateNetworkRequest request;
    request.mutable_network()->set_title("Kvindenetværket");
    request.mutable_network()->set_convenor_department_id(department);
    request.add_association_ids(association);
    request.add_association_ids(other);
    return Do([&](storage::Transaction& transaction) {
      return CreateNetwork(transaction, request, employee);
    });
  }
  absl::StatusOr<v1::Network> Leave(const std::string& id,
                                    const std::string& association_id,
                                    const Actor& actor) {
    v1::RemoveNetworkMemberRequest request;
    request.set_network_id(id);
    request.set_association_id(association_id);
    return Try([&](storage::Transaction& transaction) {
      return RemoveNetworkMember(transaction, request, actor);
    });
  }
  absl::StatusOr<v1::Network> Meet(const std::string& id,
                                   const std::string& date,
                                   const Actor& actor,
                                   const std::string& etag = "") {
    v1::SetNetworkMeetingRequest request;
    request.set_network_id(id);
    request.set_etag(etag);
    request.mutable_meeting()->set_date(date);
    request.mutable_meeting()->set_note("Kun for os");
    return Try([&](storage::Transaction& transaction) {
      return SetNetworkMeeting(transaction, request, actor);
    });
  }
  absl::StatusOr<v1::Network> Publish(const std::string& id, const std::string& text) {
    v1::PublishNetworkRequest request;
    request.set_network_id(id);
    request.set_published(true);
    if (!text.empty()) (*request.mutable_page_text()->mutable_by_language())["da"] = text;
    return Try([&](storage::Transaction& transaction) {
      return PublishNetwork(transaction, request, employee);
    });
  }
  v1::Network Network(const std::string& id, const Actor& actor) {
    const auto latest = store->Latest();
    auto network = GetNetwork(**latest, id, actor);
    INFO(network.status());
    REQUIRE(network.ok());
    return *std::move(network);
  }
  // Says of an association whether it agreed to be contacted, and the like.
  void Know(const std::string& id, bool contact, bool protected_from_mail, const char* email) {
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      auto known = registry::GetAssociation(transaction, id);
      REQUIRE(known.ok());
      known->mutable_visibility_consent()->set_contact(contact);
      known->set_advertising_protected(protected_from_mail);
      if (*email != '\0') known->add_emails(email);
      return registry::StoreAssociation(transaction, *known);
    });
    REQUIRE(written.ok());
  }
};

errors::v1::ErrorReason ReasonOf(const absl::StatusOr<v1::Network>& result) {
  return base::ReasonOf(result.status());
}

}  // namespace

TEST_CASE("somebody calls a network together, and just one", "[network]") {
  NetworkTown town;
  const v1::Network made = town.Made();
  CHECK(made.convenor_title() == "Integration");
  CHECK(made.members_size() == 2);
  v1::CreateNetworkRequest request;
  request.mutable_network()->set_title("Uden nogen");
  const auto create = [&](const Actor& actor) {
    return town.Try([&](storage::Transaction& transaction) {
      return CreateNetwork(transaction, request, actor);
    });
  };
  CHECK(ReasonOf(create(town.employee)) == kInvalid);
  // An association that makes one calls it together, and is a member.
  const auto own = create(town.itself);
  REQUIRE(own.ok());
  CHECK(own->convenor_title() == "Lanternen");
  REQUIRE(own->members_size() == 1);
  request.mutable_network()->set_convenor_department_id(town.department);
  CHECK(ReasonOf(create(town.itself)) == kDenied);
  request.mutable_network()->set_convenor_association_id(town.other);
  CHECK(ReasonOf(create(town.employee)) == kInvalid);
}

TEST_CASE("whoever calls it together plans and writes, and others may leave", "[network]") {
  NetworkTown town;
  const std::string id = town.Made().id();
  CHECK(ReasonOf(town.Meet(id, "2024-06-01", town.itself)) == kDenied);
  CHECK(ReasonOf(town.Leave(id, town.other, town.itself)) == kDenied);
  v1::UpdateNetworkRequest update;
  update.mutable_network()->set_id(id);
  update.mutable_network()->set_convenor_association_id(town.association);
  update.mutable_update_mask()->add_paths("convenor_association_id");
  const auto changed = town.Do([&](storage::Transaction& transaction) {
    return UpdateNetwork(transaction, update, town.employee);
  });
  CHECK(changed.convenor_department_id().empty());
  CHECK(town.Meet(id, "2024-06-01", town.itself).ok());
  CHECK(ReasonOf(town.Leave(id, town.association, town.itself)) == kInvalid);
  const auto left = town.Leave(id, town.other, town.other_itself);
  REQUIRE(left.ok());
  CHECK(left->members(1).left_date() == "2024-05-01");
  CHECK(town.Network(id, town.itself).meetings_size() == 1);
  CHECK(town.Network(id, town.other_itself).meetings().empty());
  CHECK(ReasonOf(town.Try([&](storage::Transaction& transaction) {
          v1::AddNetworkMemberRequest add;
          add.set_network_id(id);
          add.set_association_id(town.other);
          return AddNetworkMember(transaction, add, town.itself);
        })) == kDenied);
}

TEST_CASE("two who plan a meeting at once are both told", "[network]") {
  NetworkTown town;
  const v1::Network made = town.Made();
  REQUIRE(town.Meet(made.id(), "2024-06-01", town.employee, made.etag()).ok());
  CHECK(ReasonOf(town.Meet(made.id(), "2024-06-02", town.employee, made.etag())) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_CASE("a page holds what everybody may read and nothing else", "[network]") {
  NetworkTown town;
  const std::string id = town.Made().id();
  REQUIRE(town.Meet(id, "2024-04-01", town.employee).ok());
  REQUIRE(town.Meet(id, "2024-06-01", town.employee).ok());
  v1::GetNetworkPageRequest request;
  request.set_network_id(id);
  request.set_language_code("en");
  const auto page = [&] {
    const auto latest = town.store->Latest();
    return GetNetworkPage(**latest, request, town.clock.Now());
  };
  CHECK(base::ReasonOf(page().status()) == errors::v1::ERROR_REASON_NETWORK_NOT_FOUND);
  CHECK(ReasonOf(town.Publish(id, "")) == kInvalid);
  REQUIRE(town.Publish(id, "Kom og vær med").ok());
  const auto told = page();
  REQUIRE(told.ok());
  // There is no English text, so it is the Danish one.
  CHECK(told->text() == "Kom og vær med");
  REQUIRE(told->meetings_size() == 1);
  CHECK(told->meetings(0).date() == "2024-06-01");
  CHECK(told->DebugString().find("Kun for os") == std::string::npos);
  CHECK(told->DebugString().find("Lanternen") == std::string::npos);
  v1::PublishNetworkRequest off;
  off.set_network_id(id);
  (void)town.Do([&](storage::Transaction& transaction) {
    return PublishNetwork(transaction, off, town.employee);
  });
  CHECK_FALSE(page().ok());
}

TEST_CASE("only members that agreed to be contacted are on the mailing list", "[network]") {
  NetworkTown town;
  const std::string id = town.Made().id();
  const std::string fine = town.Association("Fjordkoret");
  const std::string silent = town.Association("Uden postkasse");
  const std::string gone = town.Association("Gået");
  for (const std::string& each : {fine, silent, gone}) {
    v1::AddNetworkMemberRequest add;
    add.set_network_id(id);
    add.set_association_id(each);
    (void)town.Do([&](storage::Transaction& transaction) {
      return AddNetworkMember(transaction, add, town.employee);
    });
  }
  town.Know(town.association, /*contact=*/false, false, "post@lanternen.example");
  town.Know(town.other, true, /*protected_from_mail=*/true, "post@broen.example");
  town.Know(fine, true, false, "post@fjordkoret.example");
  town.Know(silent, true, false, "");
  town.Know(gone, true, false, "post@gaaet.example");
  REQUIRE(town.Leave(id, gone, town.employee).ok());
  const auto latest = town.store->Latest();
  const auto list = GetNetworkMailingList(**latest, id, "0615", town.employee);
  REQUIRE(list.ok());
  REQUIRE(list->entries_size() == 1);
  CHECK(list->entries(0).email() == "post@fjordkoret.example");
  REQUIRE(list->omissions_size() == 3);
  CHECK(list->omissions(0).reason() == v1::MAILING_LIST_REASON_NO_CONSENT);
  CHECK(list->omissions(1).reason() == v1::MAILING_LIST_REASON_ADVERTISING_PROTECTED);
  CHECK(list->omissions(2).reason() == v1::MAILING_LIST_REASON_NO_EMAIL);
  CHECK(base::ReasonOf(GetNetworkMailingList(**latest, id, "0615", town.itself).status()) ==
        kDenied);
}

TEST_CASE("members that turn out to be one are one, and found by either id", "[network]") {
  NetworkTown town;
  const std::string id = town.Made().id();
  (void)town.Do([&](storage::Transaction& transaction) {
    const auto left = registry::GetAssociation(transaction, town.association);
    const auto right = registry::GetAssociation(transaction, town.other);
    return registry::JoinAssociations(transaction, *left, *right, "", "operator");
  });
  CHECK(town.Network(id, town.employee).members_size() == 1);
  const auto latest = town.store->Latest();
  v1::ListNetworksRequest request;
  request.set_association_id(town.other);
  const auto listed = ListNetworks(**latest, request, town.employee);
  REQUIRE(listed.ok());
  CHECK(listed->networks_size() == 1);
}

}  // namespace brobygger::collab
