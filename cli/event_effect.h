// Owns: by how much an event changes what its volunteer owns.
// Promises: counts pending, available, held and debt together, and nothing of other accounts.
// Thread: any.
#ifndef MERITBOOK_CLI_EVENT_EFFECT_H_
#define MERITBOOK_CLI_EVENT_EFFECT_H_

#include <cstdint>

#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;

int64_t UnitsOf(const LotList& lots);
int64_t UnitsOf(const google::protobuf::RepeatedPtrField<v1::PendingUnits>& pending);
// What of it stays hers; what a closed account forfeits doesn't.
int64_t Kept(const v1::Inflow& inflow);
// All of it, whatever became of it.
int64_t All(const v1::Inflow& inflow);
// What of the credit's units stays hers.
int64_t Kept(const v1::Credit& credit);
// What of it was hers until then: not what had lapsed or been forfeited.
int64_t Taken(const v1::ClawBack& claw_back);
// A correction's.
int64_t Effect(const v1::HoursCorrected& corrected);

uint64_t MinutesOf(const v1::Credit& credit);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EVENT_EFFECT_H_
