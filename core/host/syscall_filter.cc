#include "core/host/syscall_filter.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <initializer_list>
#include <system_error>

#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brobygger::host {
namespace {

constexpr std::uint32_t kRefuse = SCMP_ACT_ERRNO(EPERM);

// No plugin needs these, whatever their arguments.
constexpr int kNever[] = {
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    // Other processes' insides.
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(setpgid),
    SCMP_SYS(setsid),
    // Mounts and namespaces.
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fspick),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    // The kernel.
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(syslog),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(modify_ldt),
    SCMP_SYS(personality),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(vmsplice),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
};

// One filter under construction.
class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW)) {
    if (context_ == nullptr) error_ = ENOMEM;
    Note(seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1));
  }
  ~Filter() { seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void Refuse(int call) { Note(seccomp_rule_add(context_, kRefuse, call, 0)); }

  void RefuseIf(int call, scmp_arg_cmp condition, std::uint32_t action = kRefuse) {
    Note(seccomp_rule_add_array(context_, action, call, 1, &condition));
  }

  void RefuseAs(int call, int error) {
    Note(seccomp_rule_add(context_, SCMP_ACT_ERRNO(error), call, 0));
  }

  Verdict Enforce() {
    if (error_ == 0) error_ = -seccomp_load(context_);
    if (error_ == 0) return std::nullopt;
    return Refusal{"jail", "seccomp: " + std::generic_category().message(error_)};
  }

 private:
  // A call that this architecture does not have needs no rule.
  void Note(int result) {
    if (result < 0 && result != -EDOM && error_ == 0) error_ = -result;
  }

  scmp_filter_ctx context_;
  int error_ = 0;
};

void RefuseProcesses(Filter& filter, const char* program) {
  // glibc asks clone3 first, whose flags a filter cannot see; ENOSYS makes it use clone.
  filter.RefuseAs(SCMP_SYS(clone3), ENOSYS);
  filter.RefuseIf(SCMP_SYS(clone), SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  filter.Refuse(SCMP_SYS(execveat));
  if (program == nullptr) {
    filter.Refuse(SCMP_SYS(execve));
  } else {
    filter.RefuseIf(SCMP_SYS(execve),
                    SCMP_A0_64(SCMP_CMP_NE, reinterpret_cast<std::uintptr_t>(program)));
  }
  const auto self = static_cast<std::uint64_t>(getpid());
  for (const int call :
       {SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo)}) {
    filter.RefuseIf(call, SCMP_A0_64(SCMP_CMP_NE, self));
  }
  filter.Refuse(SCMP_SYS(tkill));
  filter.RefuseIf(SCMP_SYS(prlimit64), SCMP_A0_64(SCMP_CMP_NE, 0));  // 0: itself
}

bool MayUseInternet(const Options& options) {
  return options.resolve_names || !options.tcp_ports.empty();
}

void RefuseSockets(Filter& filter, const Options& options) {
  constexpr int kSocket = SCMP_SYS(socket);
  for (int domain = 0; domain <= AF_INET6; ++domain) {
    const bool internet = domain == AF_INET || domain == AF_INET6;
    if (domain == AF_UNIX || (internet && MayUseInternet(options))) continue;
    filter.RefuseIf(kSocket, SCMP_A0_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(domain)));
  }
  filter.RefuseIf(kSocket, SCMP_A0_32(SCMP_CMP_GT, AF_INET6));
  // The low four bits are the type; the others are flags.
  for (std::uint32_t type = 0; type < 16; ++type) {
    const bool datagrams = type == SOCK_DGRAM && options.resolve_names;
    if (type == SOCK_STREAM || datagrams) continue;
    filter.RefuseIf(kSocket, SCMP_A1_32(SCMP_CMP_MASKED_EQ, 0xf, type));
  }
  // MPTCP, SCTP and SMC would pass by Landlock's TCP rules.
  for (std::uint32_t protocol = 1; protocol <= IPPROTO_UDP; ++protocol) {
    if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) continue;
    filter.RefuseIf(kSocket, SCMP_A2_32(SCMP_CMP_EQ, protocol));
  }
  filter.RefuseIf(kSocket, SCMP_A2_32(SCMP_CMP_GT, IPPROTO_UDP));
  // So would a connection that begins with its data.
  constexpr std::uint64_t kFastOpen = MSG_FASTOPEN;
  filter.RefuseIf(SCMP_SYS(sendto), SCMP_A3_64(SCMP_CMP_MASKED_EQ, kFastOpen, kFastOpen));
  filter.RefuseIf(SCMP_SYS(sendmsg), SCMP_A2_64(SCMP_CMP_MASKED_EQ, kFastOpen, kFastOpen));
  filter.RefuseIf(SCMP_SYS(sendmmsg), SCMP_A3_64(SCMP_CMP_MASKED_EQ, kFastOpen, kFastOpen));
}

void RefuseBinding(Filter& filter) {
  filter.Refuse(SCMP_SYS(bind));
  filter.Refuse(SCMP_SYS(listen));
}

bool AnySocket(const std::vector<std::string>& paths) {
  return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_socket(path, ignored);
  });
}

}  // namespace

Verdict FilterSystemCalls(const Options& options, const char* program) {
  Filter filter;
  for (const int call : kNever) filter.Refuse(call);
  RefuseProcesses(filter, program);
  RefuseSockets(filter, options);
  // Typing into the terminal the hub was started from.
  filter.RefuseIf(SCMP_SYS(ioctl), SCMP_A1_32(SCMP_CMP_EQ, TIOCSTI));
  return filter.Enforce();
}

Verdict FilterBinding() {
  Filter filter;
  RefuseBinding(filter);
  return filter.Enforce();
}

Verdict FilterListening(const Options& options) {
  Filter filter;
  RefuseBinding(filter);
  if (!AnySocket(options.read_paths) && !AnySocket(options.write_paths)) {
    filter.RefuseIf(SCMP_SYS(socket), SCMP_A0_32(SCMP_CMP_EQ, AF_UNIX));
  }
  return filter.Enforce();
}

}  // namespace brobygger::host
