#include "services/health.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::chrono::milliseconds kInterval{250};

}  // namespace

int64_t WriteWaitingUs(const SequencerVitals& vitals, int64_t now_us) {
  return vitals.append_since_us == 0 ? 0 : std::max<int64_t>(now_us - vitals.append_since_us, 0);
}

bool IsHung(const SequencerVitals& vitals, int64_t now_us) {
  // Its thread stands still when the disk doesn't even say how much room there is.
  return WriteWaitingUs(vitals, now_us) > kHungAfterUs ||
         now_us - vitals.turned_at_us > kHungAfterUs;
}

std::string AilmentOf(const SequencerVitals& vitals, int64_t now_us) {
  if (vitals.broken) return "the log is being opened again";
  if (!vitals.damage.empty()) return Text("the log is damaged: ", vitals.damage);
  if (IsHung(vitals, now_us)) return "the disk does not answer";
  return "";
}

std::chrono::microseconds Health::Turn() {
  const std::string ailment = AilmentOf(options_.vitals(), options_.clock->MonotonicUs());
  const bool serving = ailment.empty();
  if (told_ && serving == serving_) return kInterval;
  options_.tell(serving);
  if (!serving) options_.warn(Text("health: not serving: ", ailment));
  if (serving && told_) options_.warn("health: serving again");
  told_ = true;
  serving_ = serving;
  return kInterval;
}

}  // namespace meritbook
