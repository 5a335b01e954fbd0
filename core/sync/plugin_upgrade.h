#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// What is kept of a stream is in the form of the plugin's version that told it: the cursor, and
// the external ids of its records. If `session` speaks for another version, the plugin is asked to
// bring both into its own form (UpgradeState), and all that is kept under an id that changes moves
// in one commit with the cursor and the version: so a hub that is killed asks again, or is done.
//
// A plugin that cannot do it, or that says that this cursor is none of its own: the stream is read
// anew from its beginning, whatever was there before. So is a stream beside the associations whose
// ids change: what the hub made of its records has ids that follow from theirs.
//
// PLUGIN_UNSUPPORTED if the plugin leaves an id out, or gives two records one: nothing is changed
// then, and nothing may be read, since records would be taken for others. What keeps the plugin
// from answering at all comes back as it is. Costs a pass over the stream's ids, once a version.
absl::Status FollowPluginVersion(storage::Store& store,
                                 const v1::Connection& connection,
                                 const StreamKey& stream,
                                 supervisor::Session& session);

// The same for the associations' stream, for those who write to the source before it is read. Opens
// a conversation only if something of the connection's is kept.
absl::Status FollowPluginVersion(storage::Store& store,
                                 supervisor::Supervisor& supervisor,
                                 const v1::Connection& connection,
                                 const supervisor::ProcessSpec& spec);

}  // namespace brobygger::sync
