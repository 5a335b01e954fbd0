#pragma once

namespace brobygger::daemon {

// Tells the service manager something ("READY=1", "STOPPING=1") over
// $NOTIFY_SOCKET, as sd_notify(3) does. Nothing happens without that variable.
void NotifyServiceManager(const char* state);

}  // namespace brobygger::daemon
