// network create, list, show, update, add, remove and meeting.
#include <memory>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/meeting_event.h"
#include "core/cli/network_words.h"
#include "core/cli/paging.h"

namespace brobygger::cli {
namespace {

using collab::v1::ListNetworksResponse;
using collab::v1::Network;
using collab::v1::NetworkMeeting;

struct NetworkOptions {
  std::string network;
  std::string title;
  std::string aim;
  std::string department;
  std::string association;
  std::vector<std::string> members;
  std::string which_meeting;
  std::string note;
  MeetingOptions meeting;
  PageOptions page;
};

// Says in `network` what is given on the command line; the paths of what that is.
absl::StatusOr<std::vector<std::string>> SetGiven(Session& session,
                                                  const NetworkOptions& options,
                                                  Network& network) {
  std::vector<std::string> paths;
  if (!options.title.empty()) {
    network.set_title(options.title);
    paths.emplace_back("title");
  }
  if (!options.aim.empty()) {
    (*network.mutable_aim()->mutable_by_language())["da"] = options.aim;
    paths.emplace_back("aim");
  }
  if (!options.department.empty()) {
    BB_ASSIGN_OR_RETURN(*network.mutable_convenor_department_id(),
                        DepartmentId(session, options.department));
    paths.emplace_back("convenor_department_id");
  }
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    network.set_convenor_association_id(association.id());
    paths.emplace_back("convenor_association_id");
  }
  return paths;
}

Outcome Create(Session& session, const NetworkOptions& options) {
  collab::v1::CreateNetworkRequest request;
  BB_RETURN_IF_ERROR(SetGiven(session, options, *request.mutable_network()).status());
  for (const std::string& typed : options.members) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    request.add_association_ids(association.id());
  }
  request.set_request_id(base::MakeUuid());
  auto sent = SendNetwork<collab::v1::CreateNetworkResponse>(session, request, "Created");
  // An association need not say that it does itself.
  const bool nobody = options.department.empty() && options.association.empty();
  if (!sent.ok() && nobody) session.Warn(CollabText("say_convenor", session.language()));
  return sent;
}

Outcome List(Session& session, const NetworkOptions& options) {
  collab::v1::ListNetworksRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "networks", NetworkColumns()));
  const auto add = [&](const ListNetworksResponse& page) {
    for (const Network& each : page.networks()) writer.Add(each, NetworkCells(session, each));
    return page.networks_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListNetworksResponse>(session, request, options.page, add)));
  pages.last.clear_networks();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "network", pages.last.next_page_token());
  return 0;
}

Outcome Show(Session& session, const NetworkOptions& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  WriteRecord(session, network, [&] { return NetworkRows(network, session.language()); });
  return 0;
}

Outcome Update(Session& session, const NetworkOptions& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  collab::v1::UpdateNetworkRequest request;
  // What it is for in other languages stays.
  *request.mutable_network()->mutable_aim() = network.aim();
  BB_ASSIGN_OR_RETURN(const auto paths, SetGiven(session, options, *request.mutable_network()));
  if (paths.empty()) {
    return absl::InvalidArgumentError("Nothing to change: give --title, --aim or the like.");
  }
  request.mutable_network()->set_id(network.id());
  request.mutable_network()->set_etag(network.etag());
  for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
  request.set_request_id(base::MakeUuid());
  return SendNetwork<collab::v1::UpdateNetworkResponse>(session, request, "Changed");
}

template <typename Request, typename Response>
Outcome ChangeMember(Session& session, const NetworkOptions& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  Request request;
  request.set_network_id(network.id());
  request.set_association_id(association.id());
  request.set_request_id(base::MakeUuid());
  return SendNetwork<Response>(session, request, "Changed");
}

NetworkMeeting MeetingWith(const Network& network, const std::string& id) {
  for (const NetworkMeeting& each : network.meetings()) {
    if (each.id() == id) return each;
  }
  return {};
}

// The meeting that `network` has and `before` had not.
std::string NewMeeting(const Network& network, const Network& before) {
  for (const NetworkMeeting& each : network.meetings()) {
    if (MeetingWith(before, each.id()).id().empty()) return each.id();
  }
  return "";
}

// Writes the meeting down, and the event that stands for it.
Outcome SendMeeting(Session& session,
                    const NetworkOptions& options,
                    const Network& network,
                    const NetworkMeeting& before,
                    collab::v1::SetNetworkMeetingRequest request) {
  BB_ASSIGN_OR_RETURN(const std::string host,
                      MeetingHost(session, options.meeting, network.convenor_department_id()));
  BB_ASSIGN_OR_RETURN(const std::string linked, LinkedEvent(session, options.meeting));
  if (!linked.empty()) request.mutable_meeting()->set_event_id(linked);
  request.set_network_id(network.id());
  request.set_etag(network.etag());
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(auto answer, session.Call<collab::v1::SetNetworkMeetingResponse>(request));
  const std::string id = before.id().empty() ? NewMeeting(answer.network(), network) : before.id();
  NetworkMeeting now = MeetingWith(answer.network(), id);
  const auto event = FollowEvent(session, options.meeting, before, now,
                                 {.kind = event::v1::EVENT_KIND_NETWORK_MEETING,
                                  .title = network.title(),
                                  .host_department_id = host});
  if (!event.ok()) session.Warn(CollabText("event_not_kept", session.language()));
  BB_RETURN_IF_ERROR(event.status());
  if (!event->empty()) {
    now.set_event_id(*event);
    *request.mutable_meeting() = now;
    request.set_etag(answer.network().etag());
    request.set_request_id(base::MakeUuid());
    BB_ASSIGN_OR_RETURN(answer, session.Call<collab::v1::SetNetworkMeetingResponse>(request));
  }
  ReportNetwork(session, answer.network(), "Changed");
  return 0;
}

Outcome PutMeeting(Session& session, const NetworkOptions& options) {
  BB_ASSIGN_OR_RETURN(const Network network, FindNetwork(session, options.network));
  NetworkMeeting before;
  if (!options.which_meeting.empty()) {
    const std::vector<NetworkMeeting> all(network.meetings().begin(), network.meetings().end());
    BB_ASSIGN_OR_RETURN(
        before, PickMeeting(all, options.which_meeting, "meeting", "brobygger network show"));
  }
  collab::v1::SetNetworkMeetingRequest request;
  *request.mutable_meeting() = before;
  SetMeeting(options.meeting, *request.mutable_meeting());
  if (!options.note.empty()) request.mutable_meeting()->set_note(options.note);
  return SendMeeting(session, options, network, before, std::move(request));
}

const ValueHint& WhichNetwork() {
  static const ValueHint kWhich = {.summary = "Id (or its start), or whole title"};
  return kWhich;
}

ValueHint Whom(const std::string& summary) {
  return {.summary = summary, .completes = Completes::kAssociation};
}

using SharedNetworkOptions = std::shared_ptr<NetworkOptions>;

void AddConvenor(Command& command, NetworkOptions& options) {
  command.Option("--aim", options.aim, {.summary = "What it is for, in Danish"})
      .Option("--department", options.department, {.summary = "That calls it together"})
      .Option("--association", options.association, Whom("That calls it together, instead"));
}

void AddMembers(const Command& network, const SharedNetworkOptions& options) {
  network.Add("add", "Let an association in")
      .Argument("NETWORK", options->network, WhichNetwork())
      .Argument("ASSOCIATION", options->association, Whom("Name, CVR number or id"))
      .Does([options](Session& session) {
        return ChangeMember<collab::v1::AddNetworkMemberRequest,
                            collab::v1::AddNetworkMemberResponse>(session, *options);
      });
  network.Add("remove", "An association leaves")
      .Argument("NETWORK", options->network, WhichNetwork())
      .Argument("ASSOCIATION", options->association, Whom("Name, CVR number or id"))
      .Does([options](Session& session) {
        return ChangeMember<collab::v1::RemoveNetworkMemberRequest,
                            collab::v1::RemoveNetworkMemberResponse>(session, *options);
      });
}

void AddMeetings(const Command& network, const SharedNetworkOptions& options) {
  Command group = network.Add("meeting", "The days on which it meets");
  Command add = group.Add("add", "Plan one");
  add.Argument("NETWORK", options->network, WhichNetwork())
      .Argument("WHEN", options->meeting.when,
                {.summary = "The day: 2027-01-12, or \"2027-01-12 17:00\""})
      .Option("--note", options->note, {.summary = "What it is about, or what came of it"});
  AddMeetingOptions(add, options->meeting);
  add.Does([options](Session& session) { return PutMeeting(session, *options); });
  Command set = group.Add("set", "Change one; its event goes along");
  set.Argument("NETWORK", options->network, WhichNetwork())
      .Argument("MEETING", options->which_meeting,
                {.summary = "Its day, as in 2027-01-12, or the start of its id"})
      .Option("--when", options->meeting.when,
              {.summary = "The new day, or day and time; held again if called off"})
      .Option("--note", options->note, {.summary = "What it is about, or what came of it"})
      .Flag("--called-off", options->meeting.called_off, "It is not held");
  AddMeetingOptions(set, options->meeting);
  set.Does([options](Session& session) { return PutMeeting(session, *options); });
}

}  // namespace

void AddNetwork(const Command& root) {
  Command network = root.Add("network", "Associations that meet again and again");
  const auto options = std::make_shared<NetworkOptions>();
  Command create = network.Add("create", "Write one down, and who calls it together");
  create.Argument("TITLE", options->title, {.summary = "As in \"Women's network\""})
      .Options("--member", options->members, Whom("Association in it"));
  AddConvenor(create, *options);
  create.Does([options](Session& session) { return Create(session, *options); });
  Command list = network.Add("list", "Show them, the newest first");
  list.Option("--department", options->department, {.summary = "That it calls together"})
      .Option("--association", options->association, Whom("In which it is"));
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
  network.Add("show", "Show one with its members and meetings")
      .Argument("NETWORK", options->network, WhichNetwork())
      .Does([options](Session& session) { return Show(session, *options); });
  Command update = network.Add("update", "Change its title, aim, or who calls it together");
  update.Argument("NETWORK", options->network, WhichNetwork())
      .Option("--title", options->title, {.summary = "Its title"});
  AddConvenor(update, *options);
  update.Does([options](Session& session) { return Update(session, *options); });
  AddMembers(network, options);
  AddMeetings(network, options);
  AddNetworkPage(network);
}

}  // namespace brobygger::cli
