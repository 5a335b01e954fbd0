#pragma once

#include <map>
#include <string>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"

// What sources say, as merge.cc and take_apart.cc handle it; for this module's own
// files.
namespace brobygger::registry {

// Names a source: its connection and external id, or the person.
std::string SourceKey(const v1::Provenance& statement);

// The same of the source whose record's link has this key: connection/stream/external id.
std::string SourceKeyOfLink(const std::string& link_key);

// The statement of the source, or null.
const v1::Provenance* StatementBy(const v1::Association& association, const std::string& key);

// All that the statement says, as text by path: what the association holds where
// it stands behind the field, what it says beside the record elsewhere.
std::map<std::string, std::string> SaidIn(const v1::Association& association,
                                          const v1::Provenance& statement);

// Makes `association` hold a statement of `who` that says `said`: it stands behind
// what the record holds, and says the rest beside it. Replaces the one that was.
void SetStatement(v1::Association& association,
                  const v1::Provenance& who,
                  const std::map<std::string, std::string>& said);

// Where nobody stands behind the empty field, takes what the first source says.
void FillFromStatements(v1::Association& association, const std::string& path);

// The text form of the field, "" if there is none.
std::string TextAt(const v1::Association& association, const std::string& path);

// Sets the field from its text form, which came from a record and therefore fits.
void SetTextAt(v1::Association& association, const std::string& path, const std::string& text);

}  // namespace brobygger::registry
