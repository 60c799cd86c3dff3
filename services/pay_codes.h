// Owns: pay codes, the nine digits that a volunteer shows at a till in place of her id.
// Promises: held in memory alone, so that a restart forgets them; in no event and no log. A code is
//           good for a short time and for one order. Codes are uniform, and wrong ones are counted
//           by merchant and till: while at most L codes are live, the tills of one merchant guess
//           one with a probability of at most 20 x L / 10^9 in any 15 minutes. (Each of at most 20
//           wrong tries meets one of L codes with L / 10^9 at most, whatever was tried before;
//           the sum bounds the union.) With 1,000 live codes that is 1 in 50,000.
// Thread: any.
#ifndef MERITBOOK_SERVICES_PAY_CODES_H_
#define MERITBOOK_SERVICES_PAY_CODES_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "ledger/command.h"
#include "ledger/refusal.h"
#include "services/clock.h"

namespace meritbook {

inline constexpr size_t kPayCodeDigits = 9;
inline constexpr uint32_t kPayCodeSecondsMax = 120;
inline constexpr uint32_t kPayCodeSecondsStandard = 60;
// How long an expired or used code is told from one that nobody had.
inline constexpr int64_t kPayCodeRememberedUs = int64_t{600} * 1'000'000;
// Wrong tries in this time lock a till, or all tills of a merchant.
inline constexpr int64_t kPayCodeTriesUs = int64_t{900} * 1'000'000;
inline constexpr size_t kPayCodeTriesOfTillMax = 5;
inline constexpr size_t kPayCodeTriesOfMerchantMax = 20;

struct PayCodeOptions {
  const Clock* clock = nullptr;
  std::function<uint64_t()> random = nullptr;  // 64 random bits a call; one call at a time
  // Codes are below this; not more than 10^9.
  uint32_t codes = 1'000'000'000;
  // Of one ledger: live codes, codes that are remembered, merchants with wrong tries.
  size_t live_max = 100'000;
  size_t past_max = 1'000'000;
  size_t merchants_max = 10'000;
};

// Where a code is shown.
struct Till {
  std::string ledger_id;
  std::string merchant_id;
  std::string terminal_id;  // may be empty
};

class PayCodes {
 public:
  explicit PayCodes(PayCodeOptions options);

  struct Issued {
    std::string code;
    int64_t expires_us = 0;  // by the wall clock
  };
  // `merchant_id` empty: good anywhere. QUEUE_FULL while too many codes are live.
  std::variant<Issued, Refused> Issue(const std::string& ledger_id, const std::string& volunteer_id,
                                      const std::string& merchant_id, uint32_t lifetime_seconds);

  // Takes the code for this order; the same order may show it again. Each Show that doesn't lead to
  // an order is given back.
  std::variant<ShownCode, Refused> Show(const Till& till, std::string_view code,
                                        const RequestKey& order);
  void GiveBack(const std::string& ledger_id, std::string_view code, const RequestKey& order);

 private:
  struct Code {
    std::string volunteer_id;
    std::string merchant_id;
    std::string code_id;
    int64_t expires_us = 0;  // by the monotonic clock
    RequestKey order;
    uint32_t shows = 0;  // of this order, not given back
    bool live = true;
  };
  struct Try {
    int64_t at_us = 0;
    std::string terminal_id;
  };
  using ByTime = std::set<std::pair<int64_t, uint32_t>>;  // instant, code
  struct Codes {
    absl::flat_hash_map<uint32_t, Code> codes;
    ByTime live;                                   // unused, by when they expire
    ByTime past;                                   // used or expired, by when they are forgotten
    std::map<std::string, std::deque<Try>> tries;  // wrong ones by merchant, oldest first
    std::deque<std::pair<int64_t, std::string>> tried;  // all of them: instant, merchant
  };

  uint32_t FreshCode(const Codes& ledger);
  std::string RandomBytes();
  void Retire(Codes& ledger, uint32_t number, Code& code);
  void Forget(Codes& ledger, int64_t now_us);
  void Count(Codes& ledger, const Till& till, int64_t now_us);
  std::variant<ShownCode, Refused> Take(Codes& ledger, const Till& till, uint32_t number,
                                        const RequestKey& order, int64_t now_us);
  std::optional<Refused> Locked(const Codes& ledger, const Till& till, int64_t now_us) const;

  const PayCodeOptions options_;
  // Not absl's: the thread sanitizer can't see through Debian's, which is built without it.
  std::mutex mutex_;  // guards ledgers_
  std::map<std::string, Codes> ledgers_;
};

// True of nine digits.
bool IsPayCode(std::string_view text);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_PAY_CODES_H_
