#include "core/search/reach.h"

namespace brobygger::search {

Bits WithinReach(const Part& part, const Reach& reach) {
  const Segment& segment = *part.segment;
  Bits docs(segment.size(), reach.all);
  if (!reach.all) {
    if (reach.shown_to_municipalities) docs.Or(segment.shown_to_municipalities());
    if (reach.shown_to_centres) docs.Or(segment.shown_to_centres());
    if (reach.municipality) {
      const auto* home = segment.docs_with(Field::kMunicipality, *reach.municipality);
      if (home != nullptr) home->AddTo(docs);
    }
    const auto itself = segment.Find(reach.association_id);
    if (itself) docs.Set(*itself);
  }
  if (reach.among) {
    Bits among(segment.size());
    for (const std::string& id : *reach.among) {
      if (const auto doc = segment.Find(id)) among.Set(*doc);
    }
    docs.And(among);
  }
  if (part.dead != nullptr) docs.Subtract(part.dead->docs);
  return docs;
}

}  // namespace brobygger::search
