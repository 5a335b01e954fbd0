#pragma once

#include <string>

#include "brobygger/registry/v1/association.pb.h"

#include "core/access/access.h"

// Whose a record is, and what of it a caller may see and change. These are the rules; core/scope
// puts them between every call and the store. Pure functions.
namespace brobygger::access {

// What of a record a caller may see.
enum class Sight {
  kNothing,  // it is not there, for this caller
  kPublic,   // its public part: see model/public_part.h
  kWhole,
};

// What of an association decides who may see it.
struct AssociationFacts {
  std::string id;
  std::string municipality_code;  // where it is at home
  bool other_municipalities = false;
  bool volunteer_centres = false;
};

// Whether the association agreed to be seen by callers of this kind from elsewhere.
bool AgreedTo(const Caller& caller, const registry::v1::VisibilityConsent& consent);

// The one rule about associations, wherever they are read:
//
//   the operator                              all, whole
//   an association                            itself, whole
//   an employee or system of its municipality whole
//   an employee or system of another          the public part, if it agreed to that
//   a volunteer centre of its municipality    whole, if it agreed to centres
//   a volunteer centre elsewhere              the public part, if it agreed to centres
//   anybody else                              nothing
//
// "Whole" is what this rule allows; the class of data that the caller's role may see holds beside
// it.
Sight SightOf(const Caller& caller, const AssociationFacts& association);

// Whether a record that belongs to a municipality (by itself, by its department or by its
// connection) is the caller's to see whole and to change. One that belongs to no municipality
// is the operator's.
bool IsOwn(const Caller& caller, const std::string& municipality_code);

// Whether nothing is kept from the caller: the operator.
bool SeesAll(const Caller& caller);

}  // namespace brobygger::access
