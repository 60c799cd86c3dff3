// Owns: what GetServerStatus tells.
// Promises: told from memory, so at once, also while the disk hangs.
// Thread: any.
#ifndef MERITBOOK_SERVICES_SERVER_STATUS_H_
#define MERITBOOK_SERVICES_SERVER_STATUS_H_

#include <cstdint>

#include "meritbook/v1/admin.pb.h"
#include "services/scrubber.h"
#include "services/sequencer_thread.h"

namespace meritbook {

struct StatusParts {
  SequencerVitals vitals = {};
  int64_t now_us = 0;       // monotonic
  uint64_t free_bytes = 0;  // as last sampled
  uint64_t free_bytes_floor = 0;
  ScrubProgress scrub = {};
  int64_t last_backup_us = 0;
};

v1::GetServerStatusResponse ServerStatusOf(const StatusParts& parts);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SERVER_STATUS_H_
