#include "core/search/reach.h"

namespace brobygger::search {

namespace {

// What any of the conditions holds for.
Bits Reached(const Segment& segment, const Reach& reach) {
  Bits docs(segment.size(), reach.all);
  if (reach.all) return docs;
  if (reach.shown_to_municipalities) docs.Or(segment.shown_to_municipalities());
  if (reach.shown_to_centres) docs.Or(segment.shown_to_centres());
  if (reach.municipality) {
    const auto* home = segment.docs_with(Field::kMunicipality, *reach.municipality);
    if (home != nullptr) home->AddTo(docs);
  }
  if (const auto itself = segment.Find(reach.association_id)) docs.Set(*itself);
  return docs;
}

}  // namespace

Bits DocsOf(const Segment& segment, const std::vector<std::string>& ids) {
  Bits docs(segment.size());
  for (const std::string& id : ids) {
    if (const auto doc = segment.Find(id)) docs.Set(*doc);
  }
  return docs;
}

Bits WithinReach(const Part& part, const Reach& reach) {
  Bits docs = Reached(*part.segment, reach);
  if (reach.among) docs.And(DocsOf(*part.segment, *reach.among));
  if (part.dead != nullptr) docs.Subtract(part.dead->docs);
  return docs;
}

}  // namespace brobygger::search
