// Double entry once more: which accounts an event moves units between.
#include "tests/ledger/property_books.h"

namespace meritbook::property {
namespace {

using google::protobuf::RepeatedPtrField;

int64_t Sum(const RepeatedPtrField<v1::LotUnits>& lots) {
  int64_t sum = 0;
  for (const v1::LotUnits& lot : lots) sum += lot.units();
  return sum;
}

int64_t Sum(const RepeatedPtrField<v1::PendingUnits>& pending) {
  int64_t sum = 0;
  for (const v1::PendingUnits& entry : pending) sum += entry.lot().units();
  return sum;
}

int64_t Sum(const v1::ClawBack& taken) {
  return Sum(taken.pending()) + Sum(taken.expired()) + Sum(taken.forfeited()) +
         Sum(taken.available()) + taken.debt_units();
}

int64_t Sum(const v1::Credit& credit) {
  int64_t sum = 0;
  for (const v1::CreditSegment& segment : credit.segments()) sum += segment.units();
  return sum;
}

// The postings of one event, as they gather.
class Entry {
 public:
  void Move(const std::string& account, int64_t units) { accounts_[account] += units; }

  void Into(const std::string& from, const std::string& who, const v1::Inflow& inflow) {
    const int64_t lots = Sum(inflow.lots());
    const int64_t forfeited = Sum(inflow.forfeited());
    Move("available " + who, lots);
    Move("debt " + who, inflow.debt_repaid_units());
    Move("forfeited", forfeited);
    Move(from, -lots - inflow.debt_repaid_units() - forfeited);
  }

  // `units` of a credit, earned now.
  void Earn(const std::string& who, const v1::Credit& credit, int64_t units) {
    if (credit.has_matures_day_number()) {
      Move("pending " + who, units);
    } else if (credit.has_inflow()) {
      Into("issued", who, credit.inflow());
      Move("issued", Total(credit.inflow()) - units);  // not zero in all if they differ
      return;
    } else {
      Move("available " + who, units);
    }
    Move("issued", -units);
  }

  void TakeBack(const std::string& who, const v1::ClawBack& taken, int sign) {
    Move("pending " + who, -sign * Sum(taken.pending()));
    Move("expired", -sign * Sum(taken.expired()));
    Move("forfeited", -sign * Sum(taken.forfeited()));
    Move("available " + who, -sign * Sum(taken.available()));
    Move("debt " + who, -sign * taken.debt_units());
    Move("revoked", sign * Sum(taken));
  }

  void Hours(const v1::Event& event) {
    if (event.has_hours_credited()) {
      Accrue(event.hours_credited().command().record().volunteer_id(),
             event.hours_credited().credit());
    } else if (event.has_hours_submitted()) {
      Accrue(event.hours_submitted().command().record().volunteer_id(),
             event.hours_submitted().credit());
    } else if (event.has_hours_backfilled()) {
      Accrue(event.hours_backfilled().command().record().volunteer_id(),
             event.hours_backfilled().credit());
    } else if (event.has_hours_reviewed()) {
      Accrue(event.hours_reviewed().volunteer_id(), event.hours_reviewed().credit());
      TakeBack(event.hours_reviewed().volunteer_id(), event.hours_reviewed().claw_back(), 1);
    } else if (event.has_hours_revoked()) {
      TakeBack(event.hours_revoked().volunteer_id(), event.hours_revoked().claw_back(), 1);
    } else if (event.has_hours_corrected()) {
      const v1::HoursCorrected& body = event.hours_corrected();
      TakeBack(body.volunteer_id(), body.claw_back(), 1);
      TakeBack(body.volunteer_id(), body.returned(), -1);
      const int64_t excess = Sum(body.credit()) - Sum(body.returned());
      if (excess > 0) Earn(body.volunteer_id(), body.credit(), excess);
    }
  }

  void Points(const v1::Event& event) {
    if (event.has_points_matured()) {
      const v1::PointsMatured& body = event.points_matured();
      Into("pending " + body.volunteer_id(), body.volunteer_id(), body.inflow());
    } else if (event.has_points_expired()) {
      Move("available " + event.points_expired().volunteer_id(),
           -Sum(event.points_expired().lots()));
      Move("expired", Sum(event.points_expired().lots()));
    } else if (event.has_points_adjusted()) {
      const v1::PointsAdjusted& body = event.points_adjusted();
      Into("issued", body.command().volunteer_id(), body.inflow());
      Move("available " + body.command().volunteer_id(), -Sum(body.taken()));
      Move("issued", Sum(body.taken()));
    } else if (event.has_points_reinstated()) {
      Into("expired", event.points_reinstated().command().volunteer_id(),
           event.points_reinstated().inflow());
    } else if (event.has_points_donated()) {
      Move("available " + event.points_donated().command().volunteer_id(),
           -event.points_donated().units());
      Move("donated", event.points_donated().units());
    } else if (event.has_opening_balance_loaded()) {
      Into("issued", event.opening_balance_loaded().balance().volunteer_id(),
           event.opening_balance_loaded().inflow());
    }
  }

  void Others(const v1::Event& event) {
    if (event.has_volunteer_closed()) {
      const v1::VolunteerClosed& body = event.volunteer_closed();
      const std::string& who = body.command().volunteer_id();
      Move("available " + who, -Sum(body.available()));
      Move("pending " + who, -Sum(body.pending()));
      Move("forfeited", Sum(body.available()) + Sum(body.pending()));
    } else if (event.has_volunteers_merged()) {
      const v1::VolunteersMerged& body = event.volunteers_merged();
      const std::string& old = body.command().volunteer_id();
      const std::string& survivor = body.command().survivor_id();
      for (const auto& [account, units] : {std::pair("pending ", body.pending_units()),
                                           {"available ", body.available_units()},
                                           {"held ", body.held_units()},
                                           {"debt ", body.debt_units()}}) {
        Move(account + old, -units);
        Move(account + survivor, units);
      }
      Move("available " + survivor, -Sum(body.debt_repaid()));
      Move("debt " + survivor, Sum(body.debt_repaid()));
    }
  }

  void Hold(const v1::Hold& hold) {
    Move("available " + hold.volunteer_id(), -Sum(hold.lots()));
    Move("held " + hold.volunteer_id(), hold.units());
  }

  void Orders(const v1::Event& event) {
    if (event.has_order_held()) Hold(event.order_held().hold());
    if (event.has_voucher_issued()) Hold(event.voucher_issued().hold());
    if (event.has_order_confirmed()) {
      const v1::OrderConfirmed& body = event.order_confirmed();
      Move("held " + body.volunteer_id(), -Sum(body.lots()));
      Move("payable " + body.merchant_id(), body.units());
      Into("held " + body.volunteer_id(), body.volunteer_id(), body.released());
    } else if (event.has_order_cancelled()) {
      const v1::HoldEnded& hold = event.order_cancelled().hold();
      Into("held " + hold.volunteer_id(), hold.volunteer_id(), hold.released());
    } else if (event.has_hold_timed_out()) {
      const v1::HoldEnded& hold = event.hold_timed_out().hold();
      Into("held " + hold.volunteer_id(), hold.volunteer_id(), hold.released());
    } else if (event.has_order_redeemed()) {
      const v1::OrderRedeemed& body = event.order_redeemed();
      Move("available " + body.volunteer_id(), -Sum(body.lots()));
      Move("payable " + body.command().merchant_id(), body.units());
    } else if (event.has_order_refunded()) {
      const v1::OrderRefunded& body = event.order_refunded();
      Into("payable " + body.merchant_id(), body.volunteer_id(), body.inflow());
    }
  }

  void Settlement(const v1::Event& event) {
    if (event.has_payment_recorded()) {
      const v1::PaymentRecorded& body = event.payment_recorded();
      Move("payable " + body.merchant_id(), -body.amounts().units());
      Move("settled", body.amounts().units());
    } else if (event.has_payment_reversed()) {
      const v1::PaymentReversed& body = event.payment_reversed();
      Move("payable " + body.merchant_id(), body.amounts().units());
      Move("settled", -body.amounts().units());
    } else if (event.has_payable_written_off()) {
      const v1::PayableWrittenOff& body = event.payable_written_off();
      Move("payable " + body.merchant_id(), -body.command().amounts().units());
      Move("written_off", body.command().amounts().units());
    }
  }

  Accounts Take() { return std::move(accounts_); }

 private:
  static int64_t Total(const v1::Inflow& inflow) {
    return Sum(inflow.lots()) + inflow.debt_repaid_units() + Sum(inflow.forfeited());
  }

  void Accrue(const std::string& who, const v1::Credit& credit) { Earn(who, credit, Sum(credit)); }

  Accounts accounts_;
};

}  // namespace

Accounts PostingsOf(const v1::Event& event) {
  Entry entry;
  entry.Hours(event);
  entry.Points(event);
  entry.Others(event);
  entry.Orders(event);
  entry.Settlement(event);
  return entry.Take();
}

}  // namespace meritbook::property
