// Owns: a command of the model's world as the ledger takes it.
// Promises: the ask outlives the command, for it refers to the ask's message and id.
// Thread: any.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_COMMAND_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_COMMAND_H_

#include <optional>
#include <string>
#include <variant>

#include "ledger/command.h"
#include "tests/ledger/model_row.h"

namespace meritbook::property {

inline CommandBody BodyOf(const google::protobuf::Message& message) {
  std::optional<CommandBody> body;
  const auto try_all = [&]<typename... Kinds>(const std::variant<const Kinds*...>*) {
    const auto try_one = [&](const auto* kind) {
      if (kind != nullptr) body = kind;
      return kind != nullptr;
    };
    (try_one(dynamic_cast<const Kinds*>(&message)) || ...);
  };
  try_all(static_cast<const CommandBody*>(nullptr));
  return body.value();
}

// What the server's book of codes would say.
inline ShowCode ShowCodeOf(const model::Ask& ask) {
  if (!ask.pay_code) return nullptr;
  return [code = *ask.pay_code]() -> std::variant<ShownCode, Refused> {
    if (code.refused != v1::REFUSAL_UNSPECIFIED) return Refused{code.refused, "pay_code", "no", {}};
    return ShownCode{code.volunteer, std::string(16, 'c')};
  };
}

inline Caller CallerOf(const model::Ask& ask) {
  return {ask.principal, ask.source, ask.merchant, ask.volunteer, ask.of_ledger};
}

// `caller` outlives the command, too.
inline std::variant<Command, Refused> CommandOf(const model::Ask& ask, const Caller& caller) {
  return Prepare(caller, BodyOf(*ask.message), ask.request_id, ask.recorded_us, ShowCodeOf(ask));
}

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_COMMAND_H_
