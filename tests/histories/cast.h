// Who plays in the histories: source systems that the hub may write to, and the
// associations they speak of.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

namespace brobygger::histories {

// A field of the registry that people edit, with the sources' name for it.
inline constexpr std::pair<const char*, const char*> kEdited[] = {
    {"phones", "tlf"}, {"purpose.da", "formaal"}, {"websites", "web"}};

// As many bytes of a purpose as the narrowest column takes: the beginning that names it, and
// nothing of the tail that a longer one has.
inline constexpr std::size_t kPurposeColumn = 16;

// Phone and purpose belong to both sides, the web page to the registry, the name to
// whoever makes the record.
sync::v1::Connection ConnectionNamed(const std::string& id);

// A valid CVR number, and a name different enough that nobody takes the association
// for another.
std::string CvrNumber(int number);
std::string NameOf(int number);

// An association as a person makes it here.
registry::v1::Association NewAssociation(int number);

// "" empties the field, or is what a record holds that does not tell it.
void SetText(plugin::v1::Record& record, const std::string& field, const std::string& text);
std::string TextOf(const plugin::v1::Record& record, const std::string& field);
std::string Held(const registry::v1::Association& association, const std::string& path);

// Sets a field that people edit. Returns the top-level field, for the mask of an update.
std::string SetHeld(registry::v1::Association& association,
                    const std::string& path,
                    const std::string& value);
// The same for what stands behind the first entry of a list, for which no source has a field.
std::string SetSecond(registry::v1::Association& association,
                      const std::string& path,
                      const std::string& value);

// The parts of a text by which a typed value is known again, whatever form it takes.
std::set<std::string> Tokens(std::string text);

}  // namespace brobygger::histories
