// Owns: the making of the books: reads a ledger's events, one after the other, into their tables.
// Promises: an event that names what no earlier one brought, or isn't the next one, is an error,
//           and nothing of it stays in the books.
// Thread: one at a time; the follower has its own, a past size too.
#ifndef MERITBOOK_SERVICES_BOOKS_KEEPER_H_
#define MERITBOOK_SERVICES_BOOKS_KEEPER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "ledger/command.h"
#include "meritbook/v1/event.pb.h"
#include "services/books.h"

namespace meritbook::books {

// A record that is brought in for service this many days ago, or more, is back-dated.
inline constexpr int kBackdatedDaysMin = 14;

class BooksKeeper {
 public:
  const Books& books() const { return books_; }
  uint64_t size() const { return books_.size; }

  // The next event of the log.
  absl::Status Add(std::string_view event);

 private:
  using Lots = std::vector<std::pair<DayNumber, int64_t>>;
  using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;
  using Budgets = google::protobuf::RepeatedPtrField<v1::BudgetFen>;

  // False if the event can't be taken; then nothing changed. (books_keeper.cc)
  bool Take(const v1::Event& event);
  bool TakeBody(const v1::Event& event);
  bool TakeConcerned(const v1::Event& event);
  void Move(const v1::Event& event);
  void AddLeg(const v1::Event& event, const Posting& from, const Posting& to, int64_t units);
  void NoteLate(const v1::Event& event);
  uint32_t ActorOf(const v1::Event& event) { return books_.actors.Intern(event.actor()); }

  // Who and what there is. (books_parties.cc)
  bool Found(const v1::LedgerCreated& created);
  bool Publish(const v1::Event& event);
  bool Bind(const v1::RegisterPrincipal& command);
  bool Register(const v1::Event& event, const v1::RegisterVolunteer& command);
  bool Merge();
  bool Register(const v1::Event& event, const v1::RegisterOrganisation& command);
  bool SetHeadcount(const v1::Event& event, const v1::SetRoster& command);
  template <typename ActivityCommand>
  bool Register(const v1::Event& event, const ActivityCommand& command, bool open);
  bool Review(const v1::Event& event, const v1::ReviewActivity& command);
  bool Register(const v1::Event& event, const v1::RegisterSession& command);
  bool Propose(const v1::Event& event, const v1::ProposeChange& command);
  bool Decide(const v1::Event& event, const std::string& proposal_id, bool approved);
  std::optional<uint32_t> WordOf(bool has, const std::string& word);

  // Service. (books_service.cc)
  bool BringIn(const v1::Event& event, const v1::ServiceRecord& record, const v1::Credit* credit,
               const google::protobuf::RepeatedField<int>& wait_reasons);
  bool BringIn(const v1::Event& event, const v1::AwardPoints& award);
  bool Review(const v1::Event& event, const v1::HoursReviewed& reviewed);
  bool Correct(const v1::Event& event, const v1::HoursCorrected& corrected);
  bool Revoke(const v1::Event& event, const v1::HoursRevoked& revoked);
  bool Dispute(const v1::Event& event, const v1::HoursDisputed& disputed);
  std::optional<uint32_t> Find(const v1::RecordRef& ref) const;
  std::optional<uint32_t> PlaceNamed(const v1::ServiceRecord& record);
  uint32_t PlaceOn(uint32_t activity, DayNumber day);
  void Approve(const v1::Event& event, uint32_t record, const v1::Credit& credit);
  void Wait(const v1::Event& event, uint32_t record, const std::string& source,
            const std::string& record_id, DayNumber day, uint32_t reasons);
  void WatchSubmission(const v1::Event& event, const v1::Credit& credit);
  OwnTeam* TeamOf(const v1::Event& event);
  void NoteTakenBack(const v1::Event& event, int64_t units, bool corrected);

  // Goods and money. (books_mall.cc)
  bool Publish(const v1::Event& event, const v1::PublishItem& command);
  bool StepItem(const v1::Event& event, const std::string& item_id, int64_t pieces);
  bool Withdraw(const v1::Event& event, const std::string& item_id);
  bool Hold(const v1::Event& event, const std::string& order_id, const std::string& merchant_id,
            const v1::Hold& hold, OrderWhat what);
  bool Redeem(const v1::Event& event, const v1::OrderRedeemed& redeemed);
  template <typename Body>
  bool HandOver(const v1::Event& event, const Body& body, OrderWhat what);
  bool EndHold(const v1::Event& event, const v1::HoldEnded& ended, OrderWhat what);
  bool NewOrder(const v1::Event& event, const std::string& order_id,
                const std::string& merchant_id);
  // Nothing if a line names an unknown item.
  using PricedLines = google::protobuf::RepeatedPtrField<v1::PricedLine>;
  bool KnowsItems(const PricedLines& lines) const;
  void AddStep(const v1::Event& event, int64_t units, const PricedLines& lines, OrderWhat what);
  uint32_t BudgetOf(const std::string& source, uint32_t year);
  bool Allocate(const v1::Event& event, const v1::AllocateBudget& command);
  bool Open(const v1::Event& event, const v1::StatementOpened& opened);
  // Owed and paid change by these times what each budget has of it.
  bool Step(const v1::Event& event, const std::string& statement_id, StatementStep step,
            const Budgets& by_budget = {}, int owed_sign = 0, int paid_sign = 0);

  // Lots. (books_lots.cc)
  void MoveLots(const v1::Event& event);
  void AddLot(const v1::Event& event, Account account, DayNumber expiry, int64_t units);
  void AddLots(const v1::Event& event, Account account, const LotList& lots, int sign);
  void AddCredit(const v1::Event& event, const v1::Credit& credit, int64_t skipped_units);
  void AddClawBack(const v1::Event& event, const v1::ClawBack& claw_back, int sign);
  void ReleaseHold(const v1::Event& event);

  google::protobuf::Arena arena_;
  Books books_;
  absl::flat_hash_map<RequestKey, uint32_t> records_;                     // by RecordKey
  absl::flat_hash_map<RequestKey, uint32_t> orders_;                      // by OrderKey
  absl::flat_hash_map<uint32_t, uint32_t> proposals_;                     // by word
  absl::flat_hash_map<std::pair<uint32_t, DayNumber>, uint32_t> places_;  // activity and day
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> budgets_;  // source and year
  absl::flat_hash_map<uint32_t, uint32_t> bound_;                         // actor to volunteer
  absl::flat_hash_map<uint32_t, Lots> held_lots_;                         // by order, while held
  // Of the event that is being taken.
  absl::InlinedVector<uint32_t, 2> concerned_;
  uint32_t subject_ = kNoRow;
  uint64_t approved_first_ = 0;  // first event of the newest command that two people decided
  bool approved_any_ = false;
};

}  // namespace meritbook::books

#endif  // MERITBOOK_SERVICES_BOOKS_KEEPER_H_
