// Parts of HSDS objects.
#pragma once

#include <string>

#include "core/exchange/hsds.h"

namespace brobygger::exchange {

// In the language asked for, else in Danish, else in English, else in any; "" if there is none.
std::string TextIn(const registry::v1::LocalizedText& text, const std::string& language);

// The number that is in use; "" if there is none.
std::string CvrOf(const registry::v1::Association& association);

// The latest day on which somebody confirmed anything about it; "" if nobody did.
std::string LastConfirmed(const registry::v1::Association& association);

// "gratis", "50 kr.", "12,50 kr."; "" if nobody says what it costs.
std::string PriceOf(const registry::v1::Activity& activity, const std::string& language);

// "Nordre Kaj 7, st. tv.".
std::string StreetLine(const registry::v1::Address& address);

Json HsdsPhones(const registry::v1::Association& association);
Json HsdsIdentifiers(const registry::v1::Association& association);
Json HsdsLocations(const registry::v1::Association& association);

// Of the languages of `owner`, an id; `codes` are BCP 47.
Json HsdsLanguages(const std::string& owner,
                   const google::protobuf::RepeatedPtrField<std::string>& codes);

// Themes, audiences and age bands, as attributes with a term of our own lists.
Json HsdsAttributes(const std::string& owner, const registry::v1::Activity& activity);

// An empty list for an activity without a recurrence rule.
Json HsdsSchedules(const std::string& owner, const registry::v1::Activity& activity);

}  // namespace brobygger::exchange
