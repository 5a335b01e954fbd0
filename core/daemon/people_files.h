#pragma once

#include "core/base/clock.h"
#include "core/daemon/config.h"
#include "core/people/people.h"

namespace brobygger::daemon {

// Where a hub keeps the keys of persons: in its data folder, or, with a store that forgets, in
// its run folder. The master key is the systemd credential `people.key` if there is one
// ($CREDENTIALS_DIRECTORY), so that it need not lie beside what it opens; else a file, made when
// it is first needed. `clock` must outlive what is opened with it.
people::PeopleOptions PeopleFiles(const Config& config, const base::Clock& clock);

}  // namespace brobygger::daemon
