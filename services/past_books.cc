#include "services/past_books.h"

#include <algorithm>
#include <string_view>

#include "ledger/text.h"
#include "meritbook/v1/event.pb.h"
#include "services/read_failure.h"

namespace meritbook {
namespace {

constexpr size_t kEventsMax = 8'192;
constexpr size_t kBytesMax = 1 << 20;

Refused Broken(uint64_t sequence, std::string_view why) {
  return {v1::REFUSAL_INTERNAL, "", Text("event ", sequence, " can't be counted: ", why), {}};
}

Refused NoLog() {
  return {v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}};
}

}  // namespace

std::variant<const books::Books*, Refused> PastBooks::At(const std::string& ledger_id,
                                                         uint64_t size, const Stopped& stopped) {
  if (keeper_ == nullptr || ledger_id_ != ledger_id || keeper_->size() > size) {
    keeper_ = nullptr;  // first, so that there are never two
    keeper_ = std::make_unique<books::BooksKeeper>();
    ledger_id_ = ledger_id;
  }
  while (keeper_->size() < size) {
    if (const auto why = stopped()) return *why;
    const auto log = log_();
    if (log == nullptr) return NoLog();
    const uint64_t next = keeper_->size();
    const auto run =
        log->Read(ledger_id, next, std::min<uint64_t>(kEventsMax, size - next), kBytesMax);
    if (!run.ok()) return ReadFailure(next, "can't be counted", run.status());
    if (run->empty()) return Broken(next, "the log has fewer events");
    for (size_t i = 0; i < run->size(); ++i) {
      const absl::Status status = keeper_->Add((*run)[i]);
      if (!status.ok()) return Broken(keeper_->size(), MessageOf(status));
    }
  }
  return &keeper_->books();
}

std::variant<uint64_t, Refused> PastBooks::SizeBefore(const std::string& ledger_id, uint64_t size,
                                                      int64_t before_us) const {
  const auto log = log_();
  if (log == nullptr) return NoLog();
  uint64_t low = 0;
  uint64_t high = size;  // recorded times never decrease
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const auto run = log->Read(ledger_id, middle, 1, kBytesMax);
    if (!run.ok()) return ReadFailure(middle, "can't be read", run.status());
    v1::Event event;
    if (run->empty() ||
        !event.ParseFromArray((*run)[0].data(), static_cast<int>((*run)[0].size()))) {
      return Broken(middle, "it can't be read");
    }
    if (event.recorded_us() < before_us) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace meritbook
