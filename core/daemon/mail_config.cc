#include "core/daemon/mail_config.h"

namespace brobygger::daemon {

mail::Settings MailSettings(const Config& config) {
  return {.server = config.mail_server,
          .from = config.mail_from,
          .to = config.mail_to,
          .tls = config.mail_tls,
          .user = config.mail_user,
          .password = config.mail_password,
          .ca_file = config.mail_ca_file,
          .language = config.mail_language,
          .every = config.mail_every,
          .settle = config.mail_settle};
}

}  // namespace brobygger::daemon
