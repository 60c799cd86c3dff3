// Owns: one call's pay code, from the request that shows it to the answer.
// Promises: it is asked only for an order that is new, and given back when no order came of it.
// Thread: Hooks and Check on gRPC's, the rest on the sequencer's.
#ifndef MERITBOOK_SERVICES_SHOWN_PAY_CODE_H_
#define MERITBOOK_SERVICES_SHOWN_PAY_CODE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/id.h"
#include "ledger/text.h"
#include "services/command_handler.h"
#include "services/pay_codes.h"

namespace meritbook {

class ShownPayCode {
 public:
  // Request: HoldOrderRequest or RedeemNowRequest. Without a pay code there is nothing to it.
  template <typename Request>
  static CommandHooks Hooks(PayCodes& codes, const Request& request) {
    CommandHooks hooks;
    const auto shown = std::make_shared<ShownPayCode>(
        codes, Till{request.ledger_id(), request.command().merchant_id(), request.terminal_id()},
        request.pay_code());
    hooks.check = [shown] { return shown->Check(); };
    if (request.pay_code().empty()) return hooks;
    hooks.show_code = [shown](const Command& command) { return shown->Show(command); };
    hooks.answered = [shown](const Answer& answer) { shown->Answered(answer); };
    return hooks;
  }

  ShownPayCode(PayCodes& codes, Till till, std::string code)
      : codes_(codes), till_(std::move(till)), code_(std::move(code)) {}

 private:
  std::optional<Refused> Check() const {
    if (!till_.terminal_id.empty() && !IsId(till_.terminal_id)) {
      return Refused{v1::REFUSAL_ID_MALFORMED,
                     "terminal_id",
                     "terminal_id is not 1 to 64 of A-Z a-z 0-9 . _ : -",
                     {}};
    }
    if (code_.empty() || IsPayCode(code_)) return std::nullopt;
    return Refused{v1::REFUSAL_FIELD_INVALID,
                   "pay_code",
                   Text("a pay code has ", kPayCodeDigits, " digits"),
                   {{"digits", Text(kPayCodeDigits)}}};
  }

  std::variant<ShownCode, Refused> Show(const Command& command) {
    auto shown = codes_.Show(till_, code_, command.subject);
    if (std::holds_alternative<ShownCode>(shown)) order_ = command.subject;
    return shown;
  }

  void Answered(const Answer& answer) {
    const auto* refused = std::get_if<Refused>(&answer);
    // Where nobody knows whether the order was placed, the code stays with it.
    if (!order_ || refused == nullptr || refused->reason == v1::REFUSAL_OUTCOME_UNKNOWN) return;
    codes_.GiveBack(till_.ledger_id, code_, *order_);
  }

  PayCodes& codes_;
  const Till till_;
  const std::string code_;
  std::optional<RequestKey> order_;  // that took it
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SHOWN_PAY_CODE_H_
