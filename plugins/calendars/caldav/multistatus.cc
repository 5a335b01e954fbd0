#include "plugins/calendars/caldav/multistatus.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <pugixml.hpp>

namespace brobygger::caldav {
namespace {

constexpr int kMostDepth = 64;
constexpr std::size_t kMostItems = 200'000;
constexpr std::size_t kSniffed = 512;
constexpr int kInsufficientStorage = 507;
constexpr char kDav[] = "DAV:";
constexpr char kCalDav[] = "urn:ietf:params:xml:ns:caldav";
constexpr unsigned kParse = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                            pugi::parse_doctype | pugi::parse_declaration;

// The namespace of an element: what its prefix, or no prefix, was bound to nearest above it.
std::string_view NamespaceOf(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  const std::string attribute =
      colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
  for (pugi::xml_node at = node; at; at = at.parent()) {
    if (const pugi::xml_attribute bound = at.attribute(attribute.c_str())) return bound.value();
  }
  return "";
}

bool Is(const pugi::xml_node& node, const char* name_space, std::string_view local) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return (colon == std::string_view::npos ? name : name.substr(colon + 1)) == local &&
         NamespaceOf(node) == name_space;
}

pugi::xml_node Child(const pugi::xml_node& parent, const char* name_space, std::string_view local) {
  return parent.find_child([&](const pugi::xml_node& node) { return Is(node, name_space, local); });
}

std::string TextOf(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return text;
}

std::string TrimmedTextOf(const pugi::xml_node& node) {
  std::string text = TextOf(node);
  absl::StripAsciiWhitespace(&text);
  return text;
}

// 404 of "HTTP/1.1 404 Not Found"; 0 if it is none.
int StatusIn(const pugi::xml_node& status) {
  const std::vector<std::string> words =
      absl::StrSplit(TrimmedTextOf(status), ' ', absl::SkipEmpty());
  int code = 0;
  return words.size() >= 2 && absl::SimpleAtoi(words[1], &code) ? code : 0;
}

void TakeResourceType(const pugi::xml_node& property, Found& found) {
  for (const pugi::xml_node& type : property) {
    found.is_calendar = found.is_calendar || Is(type, kCalDav, "calendar");
    found.is_collection = found.is_collection || Is(type, kDav, "collection");
  }
}

// The most usual ways to say that a calendar may be written to (RFC 3744 section 3).
void TakePrivileges(const pugi::xml_node& property, Found& found) {
  found.may_write = false;
  for (const pugi::xml_node& privilege : property) {
    for (const pugi::xml_node& right : privilege) {
      found.may_write = found.may_write || Is(right, kDav, "all") || Is(right, kDav, "write") ||
                        Is(right, kDav, "bind") || Is(right, kDav, "write-content");
    }
  }
}

void TakeComponents(const pugi::xml_node& property, Found& found) {
  found.takes_events = false;
  for (const pugi::xml_node& component : property) {
    const std::string name = component.attribute("name").value();
    found.takes_events = found.takes_events || absl::EqualsIgnoreCase(name, "VEVENT");
  }
}

void TakeProperty(const pugi::xml_node& property, Found& found) {
  if (Is(property, kDav, "getetag")) {
    found.etag = std::string(absl::StripPrefix(TrimmedTextOf(property), "W/"));
  } else if (Is(property, kCalDav, "calendar-data")) {
    found.calendar_data = TextOf(property);
    found.has_data = true;
  } else if (Is(property, kDav, "resourcetype")) {
    TakeResourceType(property, found);
  } else if (Is(property, kCalDav, "supported-calendar-component-set")) {
    TakeComponents(property, found);
  } else if (Is(property, kDav, "current-user-privilege-set")) {
    TakePrivileges(property, found);
  } else if (Is(property, kDav, "current-user-principal")) {
    found.principal = TrimmedTextOf(Child(property, kDav, "href"));
  } else if (Is(property, kCalDav, "calendar-home-set")) {
    for (const pugi::xml_node& href : property) {
      if (Is(href, kDav, "href")) found.homes.push_back(TrimmedTextOf(href));
    }
  }
}

void TakeProperties(const pugi::xml_node& response, Found& found) {
  for (const pugi::xml_node& propstat : response) {
    if (!Is(propstat, kDav, "propstat")) continue;
    const int status = StatusIn(Child(propstat, kDav, "status"));
    if (status < 200 || status > 299) continue;
    for (const pugi::xml_node& property : Child(propstat, kDav, "prop")) {
      TakeProperty(property, found);
    }
  }
}

// Walks without recursion, so that depth costs nothing.
bool IsTooDeep(const pugi::xml_document& document) {
  int depth = 0;
  for (pugi::xml_node node = document.first_child(); node;) {
    if (depth > kMostDepth) return true;
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  return false;
}

bool HasDoctype(const pugi::xml_document& document) {
  const auto children = document.children();
  return std::any_of(children.begin(), children.end(),
                     [](const pugi::xml_node& node) { return node.type() == pugi::node_doctype; });
}

bool LooksLikeWebPage(std::string_view body) {
  const std::string start = absl::AsciiStrToLower({body.data(), std::min(body.size(), kSniffed)});
  return absl::StrContains(start, "<html") || absl::StrContains(start, "<!doctype html");
}

// One after the other, so that a later word about the same item replaces the earlier one.
class Collector {
 public:
  Collector(const Url& base, const Place& place) : base_(base), place_(place) {}

  absl::Status Take(const pugi::xml_node& response) {
    for (const pugi::xml_node& href : response) {
      if (!Is(href, kDav, "href")) continue;
      if (absl::Status wrong = TakeOne(response, TextOf(href)); !wrong.ok()) return wrong;
    }
    return absl::OkStatus();
  }

  Multistatus result;

 private:
  absl::Status TakeOne(const pugi::xml_node& response, const std::string& href) {
    const auto url = Resolve(base_, href);
    if (!url) return Failure(Fault::kNotXml, place_, "an href that cannot be read");
    if (url->origin != base_.origin) return Failure(Fault::kOtherHost, place_);
    Found found{.path = url->path};
    const pugi::xml_node status = Child(response, kDav, "status");
    if (status) found.status = StatusIn(status);
    if (found.status == kInsufficientStorage && SameCollection(found.path, base_.path)) {
      result.more = true;
      return absl::OkStatus();
    }
    TakeProperties(response, found);
    const auto [known, fresh] = places_.emplace(found.path, result.found.size());
    if (!fresh) {
      result.found[known->second] = std::move(found);
      return absl::OkStatus();
    }
    if (result.found.size() == kMostItems) return Failure(Fault::kTooLarge, place_, "items");
    result.found.push_back(std::move(found));
    return absl::OkStatus();
  }

  const Url& base_;
  const Place& place_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

absl::StatusOr<Multistatus> ParseMultistatus(std::string_view body,
                                             const Url& base,
                                             const Place& place) {
  if (LooksLikeWebPage(body)) return Failure(Fault::kHtml, place);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(body.data(), body.size(), kParse, pugi::encoding_auto);
  if (HasDoctype(document)) return Failure(Fault::kDoctype, place);
  // What is deep is so before it is found to be unfinished.
  if (IsTooDeep(document)) return Failure(Fault::kTooDeep, place);
  if (!parsed) return Failure(Fault::kNotXml, place, parsed.description());
  const pugi::xml_node root = document.document_element();
  if (!Is(root, kDav, "multistatus")) return Failure(Fault::kUnexpected, place);
  Collector collector(base, place);
  for (const pugi::xml_node& child : root) {
    if (Is(child, kDav, "sync-token")) collector.result.sync_token = TrimmedTextOf(child);
    if (!Is(child, kDav, "response")) continue;
    if (absl::Status wrong = collector.Take(child); !wrong.ok()) return wrong;
  }
  collector.result.path = base.path;
  return std::move(collector.result);
}

std::string XmlText(std::string_view text) {
  return absl::StrReplaceAll({text.data(), text.size()},
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

}  // namespace brobygger::caldav
