/* The border between brobygger-plugin-host and a plugin's .so: plain C, frozen.
 *
 * - Every struct starts with its size in bytes. Fields are only ever appended, and
 *   a reader looks at a field only if `size` covers it.
 * - Bytes are pointer and length, borrowed for the duration of the call. Whoever
 *   allocates frees. Bytes are messages of brobygger.plugin.v1; the host does not
 *   look into them.
 * - No exception, errno, FILE*, locale or C++ type crosses.
 * - `call` may run on several threads, but never twice at once for one method.
 * - The library is never unloaded: the end of the process is the unload.
 */
#ifndef BROBYGGER_SDK_BB_ABI_H
#define BROBYGGER_SDK_BB_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BB_ABI_MAJOR 1u
#define BB_ABI_MINOR 0u

/* Room the host gives for a serialized Diagnostic; a longer one must be cut down. It
 * travels as a trailer, and gRPC takes 8 KiB of those. */
#define BB_ERROR_ROOM 6144u

/* One call in progress. Only the host knows what is inside. */
typedef struct bb_call bb_call;

/* What the host offers a plugin. Valid for the life of the process. */
typedef struct {
  uint32_t size;
  /* Sends one answer message. Blocks while the hub is slow. Not 0: nobody listens
   * any more, and the plugin must end the call within one second. */
  int (*reply)(bb_call* call, const void* bytes, size_t size);
  /* Not 0 when the hub gave up the call, or its deadline passed. */
  int (*cancelled)(bb_call* call);
  /* Nanoseconds left until the call's deadline; INT64_MAX if it has none. */
  int64_t (*deadline_ns)(bb_call* call);
  /* One line for the hub's log by way of stderr, before and beside Events. `level` is a
   * LogLine.Level. */
  void (*log)(int level, const char* text, size_t size);
} bb_host_v1;

/* What a plugin offers the host. Static: valid for the life of the process. */
typedef struct {
  uint32_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  const char* name;    /* "files.csv", NUL-terminated */
  const char* version; /* "1.0.0", NUL-terminated */
  /* Makes the one object of this process. Null: it could not. */
  void* (*create)(const bb_host_v1* host);
  void (*destroy)(void* self);
  /* Answers one method of PluginService by its bare name ("Read"), with `reply` once or
   * many times. Returns a gRPC status code; 0 is OK. If not 0, it may put a serialized
   * Diagnostic into `error`: *error_size is the room on the way in, and how much of it
   * was used on the way out (0: nothing). */
  int (*call)(void* self,
              const char* method,
              const void* request,
              size_t size,
              bb_call* call,
              void* error,
              size_t* error_size);
} bb_plugin_v1;

/* A plugin exports one alias (Boost.DLL) in section "bbplug", named bb_entry_v1: a
 * function of this type. */
typedef const bb_plugin_v1* (*bb_entry_v1_fn)(void);

#ifdef __cplusplus
}
#endif

#endif /* BROBYGGER_SDK_BB_ABI_H */
