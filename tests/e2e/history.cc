#include "tests/e2e/history.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

constexpr size_t kFaultsMax = 20;

// Which sizes of the log an answer may be about.
//
// A size that somebody was told before a call was sent bounds it from below; a command that was
// sent only after the answer had come wasn't yet in the log, and bounds it from above.
class RealTime {
 public:
  void Told(int64_t answered_us, uint64_t size) { told_.emplace_back(answered_us, size); }
  void Sent(int64_t first_sent_us, uint64_t sequence) {
    sent_.emplace_back(first_sent_us, sequence);
  }

  void Settle(uint64_t log_size) {
    std::sort(told_.begin(), told_.end());
    for (size_t i = 1; i < told_.size(); ++i) {
      told_[i].second = std::max(told_[i].second, told_[i - 1].second);
    }
    std::sort(sent_.begin(), sent_.end());
    for (size_t i = sent_.size(); i-- > 1;) {
      sent_[i - 1].second = std::min(sent_[i - 1].second, sent_[i].second);
    }
    log_size_ = log_size;
  }

  uint64_t Least(int64_t sent_us) const {
    const auto after = std::lower_bound(told_.begin(), told_.end(), Moment{sent_us, 0});
    return after == told_.begin() ? 0 : std::prev(after)->second;
  }
  uint64_t Most(int64_t answered_us) const {
    const auto after =
        std::upper_bound(sent_.begin(), sent_.end(), Moment{answered_us, UINT64_MAX});
    return after == sent_.end() ? log_size_ : after->second;
  }

 private:
  using Moment = std::pair<int64_t, uint64_t>;
  std::vector<Moment> told_;
  std::vector<Moment> sent_;
  uint64_t log_size_ = 0;
};

class Check {
 public:
  Check(const std::vector<const History*>& histories, const LedgerStory& story, uint64_t setup_size)
      : histories_(histories), story_(story), setup_size_(setup_size) {}

  Verdict Run() {
    for (const std::string& fault : story_.faults()) Doubled(fault);
    Order();
    for (const History* history : histories_) {
      for (const Deed& deed : history->deeds) CheckDeed(deed);
      for (const WealthRead& read : history->wealth_reads) CheckWealth(read);
      for (const ShelfRead& read : history->shelf_reads) CheckShelf(read);
      for (const NotReached& read : history->not_reached) CheckNotReached(read);
      for (const LookUp& look_up : history->look_ups) CheckLookUp(look_up);
      for (const Followed& followed : history->followed) CheckFollowed(followed);
    }
    for (const auto& [key, written] : story_.commands()) {
      if (written.sequence >= setup_size_ && !acknowledged_.contains(key)) {
        Doubled(Text("command ", key, " is in the log, and nobody was told that it was taken"));
      }
    }
    return std::move(verdict_);
  }

 private:
  // Everything that tells a size, and every command's place in the log.
  void Order() {
    for (const History* history : histories_) {
      for (const Deed& deed : history->deeds) {
        if (const Written* written = Find(deed); written != nullptr && !deed.conflicts) {
          real_time_.Sent(deed.first_sent_us, written->sequence);
        }
        for (const Answered& answer : deed.answers) {
          if (answer.reason.empty()) real_time_.Told(answer.at.answered_us, answer.sequence + 1);
        }
      }
      for (const WealthRead& read : history->wealth_reads) {
        real_time_.Told(read.at.answered_us, read.size);
      }
      for (const ShelfRead& read : history->shelf_reads) {
        real_time_.Told(read.at.answered_us, read.size);
      }
      for (const NotReached& read : history->not_reached) {
        real_time_.Told(read.at.answered_us, read.size);
      }
      for (const LookUp& look_up : history->look_ups) {
        if (look_up.found) real_time_.Told(look_up.at.answered_us, look_up.sequence + 1);
      }
      for (const Followed& followed : history->followed) {
        real_time_.Told(followed.at.answered_us, followed.first_sequence + followed.events.size());
      }
    }
    real_time_.Settle(story_.size());
  }

  const Written* Find(const Deed& deed) const {
    const auto found = story_.commands().find(deed.key);
    return found == story_.commands().end() ? nullptr : &found->second;
  }

  void CheckDeed(const Deed& deed) {
    verdict_.unknown += static_cast<uint64_t>(deed.unknown);
    verdict_.calls += deed.answers.size() + static_cast<uint64_t>(deed.unknown);
    if (deed.answers.empty()) Lost(Text("command ", deed.key, " was never answered"));
    const Written* const written = Find(deed);
    const Answered* taken = nullptr;
    for (const Answered& answer : deed.answers) {
      if (!answer.reason.empty()) {
        ++verdict_.refused[answer.reason];
        if (taken != nullptr) {
          Doubled(Text("command ", deed.key, " was taken and then refused: ", answer.reason));
        } else if (!RefusalHolds(deed, answer)) {
          OutOfOrder(Text("command ", deed.key,
                          " was refused at no time when that was true: ", answer.reason));
        }
        continue;
      }
      if (answer.already_applied) ++verdict_.repeated;
      if (taken == nullptr) {
        ++verdict_.acknowledged;
        taken = &answer;
        CheckPlace(deed, answer, written);
      } else if (answer.sequence != taken->sequence || answer.recorded_us != taken->recorded_us ||
                 answer.response != taken->response || !answer.already_applied) {
        Doubled(Text("command ", deed.key, " has two answers"));
      }
    }
    if (deed.conflicts) return;
    if (taken != nullptr) acknowledged_.insert(deed.key);
    if (taken == nullptr && written != nullptr) {
      Doubled(Text("command ", deed.key, " was refused and is in the log at ", written->sequence));
    }
  }

  void CheckPlace(const Deed& deed, const Answered& answer, const Written* written) {
    if (deed.conflicts) {
      Doubled(Text("command ", deed.key, " was taken again with another content"));
      return;
    }
    if (written == nullptr || written->sequence != answer.sequence ||
        written->recorded_us != answer.recorded_us) {
      Lost(Text("command ", deed.key, " was acknowledged at ", answer.sequence,
                ", but the log has ",
                written == nullptr ? "nothing" : Text("it at ", written->sequence)));
      return;
    }
    if (written->sequence < real_time_.Least(deed.first_sent_us)) {
      OutOfOrder(Text("command ", deed.key, " stands before what was known when it was sent"));
    }
    if (written->sequence >= real_time_.Most(answer.at.answered_us)) {
      OutOfOrder(Text("command ", deed.key, " stands behind what was sent after its answer"));
    }
  }

  // True if the refusal was true at one size at least that real time allows.
  bool RefusalHolds(const Deed& deed, const Answered& answer) const {
    const uint64_t least = real_time_.Least(answer.at.sent_us);
    const uint64_t most = real_time_.Most(answer.at.answered_us);
    if (least > most) return false;
    const auto told = [&](const std::string& name) {
      const auto found = answer.metadata.find(name);
      return found == answer.metadata.end() ? "" : found->second;
    };
    if (answer.reason == "REQUEST_CONFLICT") {
      const Written* const written = Find(deed);
      return deed.conflicts && written != nullptr &&
             told("first_sequence") == Text(written->sequence) && written->sequence < most;
    }
    if (deed.conflicts) return false;
    if (answer.reason == "BALANCE_TOO_LOW") {
      return story_.WealthOf(deed.volunteer).Ever(least, most, [&](const Wealth& wealth) {
        return wealth.available_units < deed.units;
      });
    }
    if (answer.reason == "STOCK_TOO_LOW") {
      return story_.ShelfOf(deed.item).Ever(least, most, [&](const Shelf& shelf) {
        return shelf.free() < deed.quantity && told("on_hand") == Text(shelf.free());
      });
    }
    const Timeline<OrderStanding>& order = story_.OrderOf(deed.owner, deed.order);
    if (answer.reason == "ORDER_NOT_HELD") {
      return order.Ever(least, most, [&](const OrderStanding& standing) {
        return standing.state != "held" && told("state") == standing.state;
      });
    }
    if (answer.reason == "CONFIRM_TOO_LATE") {
      return order.Ever(least, most, [&](const OrderStanding& standing) {
        return standing.deadline_us > 0 && standing.deadline_us <= answer.wall_us;
      });
    }
    if (answer.reason == "ORDER_UNKNOWN") {
      return order.Ever(least, most,
                        [](const OrderStanding& standing) { return standing.state.empty(); });
    }
    if (answer.reason == "VOLUNTEER_UNKNOWN") {
      return story_.WealthOf(deed.volunteer).At(story_.size()).event_count == 0;
    }
    return false;
  }

  void CheckWealth(const WealthRead& read) {
    CheckSize(read.at, read.size, "a balance");
    const Wealth want = story_.WealthOf(read.volunteer).At(read.size);
    const Wealth& got = read.wealth;
    if (got.available_units != want.available_units || got.held_units != want.held_units ||
        got.credited_minutes != want.credited_minutes || got.event_count != want.event_count ||
        got.last_sequence != want.last_sequence) {
      OutOfOrder(Text("the balance of ", read.volunteer, " at ", read.size, " was told as ",
                      got.available_units, " and ", got.held_units, " held; the events come to ",
                      want.available_units, " and ", want.held_units));
    }
  }

  void CheckShelf(const ShelfRead& read) {
    CheckSize(read.at, read.size, "an item");
    const Shelf want = story_.ShelfOf(read.item).At(read.size);
    if (read.shelf.on_hand != want.on_hand || read.shelf.reserved != want.reserved) {
      OutOfOrder(Text("item ", read.item, " at ", read.size, " was told as ", read.shelf.on_hand,
                      " and ", read.shelf.reserved, " reserved"));
    }
  }

  void CheckNotReached(const NotReached& read) {
    CheckSize(read.at, read.size, "a size");
    if (read.min_size <= read.size) OutOfOrder("a size that was reached was denied");
  }

  void CheckSize(const Exchange& at, uint64_t size, const char* what) {
    ++verdict_.calls;
    ++verdict_.reads;
    if (size < real_time_.Least(at.sent_us)) {
      OutOfOrder(Text(what, " was told as of ", size, ", less than what was known before"));
    }
    if (size > real_time_.Most(at.answered_us)) {
      OutOfOrder(Text(what, " was told as of ", size, ", with what was sent only later"));
    }
  }

  void CheckLookUp(const LookUp& look_up) {
    ++verdict_.calls;
    ++verdict_.reads;
    const auto written = story_.commands().find(look_up.key);
    const bool known = written != story_.commands().end();
    if (look_up.found) {
      if (!known || written->second.sequence != look_up.sequence ||
          story_.hashes()[look_up.sequence] != look_up.event) {
        Lost(Text("command ", look_up.key, " was shown at ", look_up.sequence));
      }
    } else if (known && written->second.sequence < real_time_.Least(look_up.at.sent_us)) {
      OutOfOrder(Text("command ", look_up.key, " was denied after it was known"));
    }
  }

  void CheckFollowed(const Followed& followed) {
    ++verdict_.calls;
    ++verdict_.reads;
    for (size_t i = 0; i < followed.events.size(); ++i) {
      const uint64_t sequence = followed.first_sequence + i;
      if (sequence >= story_.size() || story_.hashes()[sequence] != followed.events[i]) {
        Lost(Text("event ", sequence, " was shown, and is not so in the log"));
        return;
      }
    }
  }

  void Lost(const std::string& fault) { Keep(++verdict_.lost, "lost: " + fault); }
  void Doubled(const std::string& fault) { Keep(++verdict_.doubled, "doubled: " + fault); }
  void OutOfOrder(const std::string& fault) {
    Keep(++verdict_.out_of_order, "out of order: " + fault);
  }
  void Keep(uint64_t count, std::string fault) {
    if (count <= kFaultsMax) verdict_.faults.push_back(std::move(fault));
  }

  const std::vector<const History*>& histories_;
  const LedgerStory& story_;
  const uint64_t setup_size_;
  RealTime real_time_;
  std::set<std::string> acknowledged_;
  Verdict verdict_;
};

}  // namespace

Verdict CheckHistory(const std::vector<const History*>& histories, const LedgerStory& story,
                     uint64_t setup_size) {
  return Check(histories, story, setup_size).Run();
}

}  // namespace meritbook::e2e
