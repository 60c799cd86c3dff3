#include "cli/event_effect.h"

namespace meritbook::cli {

int64_t UnitsOf(const LotList& lots) {
  int64_t units = 0;
  for (const v1::LotUnits& lot : lots) units += lot.units();
  return units;
}

int64_t UnitsOf(const google::protobuf::RepeatedPtrField<v1::PendingUnits>& pending) {
  int64_t units = 0;
  for (const v1::PendingUnits& part : pending) units += part.lot().units();
  return units;
}

int64_t Kept(const v1::Inflow& inflow) {
  return UnitsOf(inflow.lots()) + inflow.debt_repaid_units();
}

int64_t All(const v1::Inflow& inflow) { return Kept(inflow) + UnitsOf(inflow.forfeited()); }

int64_t Kept(const v1::Credit& credit) {
  int64_t units = 0;
  for (const v1::CreditSegment& segment : credit.segments()) units += segment.units();
  return units - UnitsOf(credit.inflow().forfeited());
}

int64_t Taken(const v1::ClawBack& claw_back) {
  return UnitsOf(claw_back.pending()) + UnitsOf(claw_back.available()) + claw_back.debt_units();
}

int64_t Effect(const v1::HoursCorrected& corrected) {
  const v1::ClawBack& back = corrected.returned();
  const int64_t returned = Taken(back) + UnitsOf(back.expired()) + UnitsOf(back.forfeited());
  // Only the excess over what returned flows as new.
  return Taken(back) - Taken(corrected.claw_back()) + Kept(corrected.credit()) - returned;
}

uint64_t MinutesOf(const v1::Credit& credit) {
  uint64_t minutes = 0;
  for (const v1::CreditSegment& segment : credit.segments()) {
    minutes += segment.credited_minutes() + segment.honorary_minutes();
  }
  return minutes;
}

}  // namespace meritbook::cli
