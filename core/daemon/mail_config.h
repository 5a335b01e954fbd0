#pragma once

#include "core/daemon/config.h"
#include "core/mail/settings.h"

namespace brobygger::daemon {

// What the configuration says of mail.
mail::Settings MailSettings(const Config& config);

}  // namespace brobygger::daemon
