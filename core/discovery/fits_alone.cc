#include "core/discovery/fits_alone.h"

#include "core/search/document.h"
#include "core/search/evaluate.h"
#include "core/search/part_list.h"
#include "core/search/segment.h"

namespace brobygger::discovery {

bool FitsAlone(const registry::v1::Association& association, const search::Query& query) {
  search::SegmentBuilder builder;
  builder.Add(search::ToDocument(association));
  search::PartList parts(1);
  parts.Add(builder.Finish());
  search::View view;
  view.complete = true;
  view.parts = parts.parts();
  view.live = 1;
  const search::Answer answer = search::Evaluate(view, {.query = query, .size = 1});
  return !answer.hits.empty() && !answer.relaxed;
}

}  // namespace brobygger::discovery
