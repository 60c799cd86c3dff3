#include "services/server_status.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"
#include "services/health.h"

namespace meritbook {
namespace {

struct Hindrance {
  v1::Refusal reason = v1::REFUSAL_UNSPECIFIED;
  std::string text;
};

// In the order in which a command meets them.
Hindrance HindranceOf(const StatusParts& parts) {
  const SequencerVitals& vitals = parts.vitals;
  if (vitals.broken) {
    return {v1::REFUSAL_OUTCOME_UNKNOWN, "the log is being opened again"};
  }
  if (IsHung(vitals, parts.now_us)) {
    return {v1::REFUSAL_DEADLINE_EXCEEDED,
            "the disk does not answer: commands wait until their deadline"};
  }
  if (!vitals.damage.empty()) return {v1::REFUSAL_LOG_DAMAGED, vitals.damage};
  if (parts.free_bytes < parts.free_bytes_floor) {
    return {v1::REFUSAL_STORAGE_LOW,
            Text(parts.free_bytes, " bytes are free, below the floor of ", parts.free_bytes_floor)};
  }
  if (vitals.clock_suspect) {
    return {v1::REFUSAL_CLOCK_SUSPECT,
            "the server's clock stepped or lags; an operator has to confirm it"};
  }
  return {};
}

}  // namespace

v1::GetServerStatusResponse ServerStatusOf(const StatusParts& parts) {
  v1::GetServerStatusResponse status;
  Hindrance hindrance = HindranceOf(parts);
  status.set_hindrance(hindrance.reason);
  status.set_hindrance_text(std::move(hindrance.text));
  status.set_free_bytes(parts.free_bytes);
  status.set_free_bytes_floor(parts.free_bytes_floor);
  status.set_write_waiting_us(static_cast<uint64_t>(WriteWaitingUs(parts.vitals, parts.now_us)));
  v1::ScrubStatus& scrub = *status.mutable_scrub();
  scrub.set_passes(parts.scrub.passes);
  scrub.set_events_verified(parts.scrub.events_verified);
  scrub.set_events_total(parts.scrub.events_total);
  scrub.set_last_pass_us(parts.scrub.last_pass_us);
  scrub.set_damage(parts.vitals.damage.empty() ? parts.scrub.unreadable : parts.vitals.damage);
  status.set_last_backup_us(parts.last_backup_us);
  return status;
}

}  // namespace meritbook
