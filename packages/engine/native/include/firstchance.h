/* The flat C interface of the firstchance engine: whole operations, JSON in and out, no C++.
 *
 * Strings are UTF-8 and NUL-terminated. Requests and results have the shapes of docs/engine-rpc.md. Every
 * function may be called from any thread, several at a time; each blocks until its work is done. What only
 * reads processes and files runs in the calling process; captures and the reading of dumps run in an engine
 * process that lives as long as the call, because tracing belongs to one thread and the runtime's debugging
 * library may crash. No function lets a C++ exception out.
 */
#ifndef FIRSTCHANCE_H
#define FIRSTCHANCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FC_ABI_VERSION 1
#define FC_EXPORT __attribute__((visibility("default")))

/* How a call ended; the result is then the operation's or the error's JSON: {code, what, why, cure, errno}.
 */
typedef enum fc_status { FC_OK = 0, FC_ERROR = 1 } fc_status;

/* Asks running calls to stop. May be requested from any thread, at any time before it is freed. */
typedef struct fc_cancel fc_cancel;

/* Called on a thread of the library while a call runs: {phase, doneBytes?, totalBytes?, …}. `json` lives
 * until it returns. */
typedef void (*fc_progress_fn)(const char* json, void* context);

/* FC_ABI_VERSION of the library; a caller built for another one must not go on. */
FC_EXPORT uint32_t fc_abi_version(void);

FC_EXPORT fc_cancel* fc_cancel_new(void);
FC_EXPORT void fc_cancel_request(fc_cancel* cancel);
FC_EXPORT void fc_cancel_free(fc_cancel* cancel);

/* Each writes a string to *result that the caller frees with fc_free, also on FC_ERROR. `progress` and
 * `cancel` may be NULL. */
FC_EXPORT fc_status fc_hello(char** result);
FC_EXPORT fc_status fc_process_inspect(int32_t pid, char** result);
FC_EXPORT fc_status fc_capture_take(const char* request, fc_progress_fn progress, void* context,
                                    fc_cancel* cancel, char** result);
FC_EXPORT fc_status fc_dump_inspect(const char* request, fc_cancel* cancel, char** result);
FC_EXPORT fc_status fc_dump_unpack(const char* request, fc_progress_fn progress, void* context,
                                   fc_cancel* cancel, char** result);
FC_EXPORT fc_status fc_census_take(const char* request, fc_progress_fn progress, void* context,
                                   fc_cancel* cancel, char** result);
FC_EXPORT fc_status fc_heap_graph(const char* request, fc_progress_fn progress, void* context,
                                  fc_cancel* cancel, char** result);

FC_EXPORT void fc_free(char* result);

#ifdef __cplusplus
}
#endif

#endif
