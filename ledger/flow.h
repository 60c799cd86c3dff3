// Owns: the arithmetic of lots: what flows to a volunteer, what is clawed back, what returns.
// Promises: pure; used when events are decided and again when they are applied. Amounts of accounts
//           are moved by postings (ledger/posting.h); here it is lots, pending entries and what was
//           lost.
// Thread: any.
#ifndef MERITBOOK_LEDGER_FLOW_H_
#define MERITBOOK_LEDGER_FLOW_H_

#include <cstdint>
#include <vector>

#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;

LotKey KeyOf(const v1::LotUnits& lot);
LotKey KeyOf(const v1::CreditSegment& segment);
void SetLot(const LotKey& key, int64_t units, v1::LotUnits* lot);
std::vector<Lot> LotsOf(const LotList& list);
int64_t SumOf(const LotList& list);
int64_t SumOf(const v1::ClawBack& claw_back);
int64_t SumOf(const v1::Inflow& inflow);
// What a whole credit is worth, and the lots of what comes after its first `skipped` units.
int64_t UnitsOf(const v1::Credit& credit);
std::vector<Lot> LotsAfter(const v1::Credit& credit, int64_t skipped);

// Puts units into the lot of this key. Lots stay sorted, each key once.
void AddToLots(std::vector<Lot>& lots, const LotKey& key, int64_t units);

// Takes up to `units` from what lapses first; says what was taken, and takes it out of `lots`.
std::vector<Lot> TakeFirst(std::vector<Lot>& lots, int64_t units);

// The lot that units of `key` reach today: points that come after they lapsed get the grace of the
// rule in force, once.
LotKey LotToday(const State& state, const LotKey& key, DayNumber today);

// What becomes of units that flow to the volunteer: debt first, a closed account keeps nothing.
// `lots` sorted, each key once.
void FillInflow(const Volunteer& volunteer, std::vector<Lot> lots, v1::Inflow* inflow);
// Into the lots, or among what was lost.
void Receive(Volunteer& volunteer, const v1::Inflow& inflow);

// What of the volunteer's a claw-back of the record takes, in the order of the design.
void FillClawBack(const Volunteer& volunteer, uint32_t record_index, const Record& record,
                  v1::ClawBack* claw_back);
// Takes it out of pending entries, lots and what was lost. False if it isn't there.
bool TakeBack(Volunteer& volunteer, uint32_t record_index, const v1::ClawBack& claw_back);
// The part of a claw-back of `units` that was taken last, which is what returns first.
void FillReturn(const v1::ClawBack& claw_back, int64_t units, v1::ClawBack* returned);
// The inverse of TakeBack; pending entries come to belong to `record_index`.
void GiveBack(Volunteer& volunteer, uint32_t record_index, const v1::ClawBack& returned);

void AddPending(Volunteer& volunteer, DayNumber matures, uint32_t record_index, const Lot& lot);
void AddLost(Volunteer& volunteer, const LotKey& key, int64_t expired_units,
             int64_t forfeited_units);
const LostLot* FindLost(const Volunteer& volunteer, const LotKey& key);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_FLOW_H_
