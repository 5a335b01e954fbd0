#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/storage/store.h"

// Where else somebody is named; for this module's own files.
namespace brobygger::people {

// Adds to the answer which records of the store hold the person's name, address or number in a text
// of theirs, now or in a version that is kept: at most 500 places. Upper case, accents and the
// order of first and last names make no difference. A name of one word is not looked for, since it
// would be everybody's of that name. Reads the whole store and all of its changes: some seconds for
// a hundred thousand associations. Whoever may not see all gives a ScopedStore.
absl::Status FindMentions(const storage::Store& store,
                          const v1::Person& person,
                          v1::ErasePersonResponse& response);

}  // namespace brobygger::people
