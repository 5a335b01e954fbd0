// Provenance turned round: the registry says of each source which fields it
// stands behind, a reader asks of each field who says so.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

namespace brobygger::cli {

// Who says what about one field. A source is a connection's id, or "" for a
// person at the hub.
struct Sayers {
  std::vector<std::string> agreeing;
  std::vector<std::pair<std::string, std::string>> differing;  // source, its value
};

// By field path.
std::map<std::string, Sayers> WhoSaidWhat(const registry::v1::Association& association);

// A letter for each source, so that a list can show who said each field.
class SourceMarks {
 public:
  explicit SourceMarks(const std::vector<sync::v1::Connection>& connections);

  // "[TF]" if both say so, "[T≠F]" if the record holds what T says and F says
  // something else, "" if nobody stands behind the field.
  std::string Of(const Sayers& sayers);

  // What a source is called: the connection's title, or its id if it is gone.
  std::string TitleOf(const std::string& source) const;

  // What the marks used so far mean, one line; "" if none was used.
  std::string Legend() const;

 private:
  std::string LetterOf(const std::string& source);

  std::map<std::string, std::string> titles_;
  std::map<std::string, std::string> letters_;
  std::map<std::string, bool> used_;
};

// "tilskud+frivillig!centre" for programs: who agrees, then after "!" who does
// not. A person at the hub is "operator".
std::string SaidByWords(const Sayers& sayers);

}  // namespace brobygger::cli
