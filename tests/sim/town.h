// Owns: one ledger of the simulation as its clients see it: what they ask, over a network that
//       delays, loses and repeats, and the auditor who holds every answer against the order.
// Promises: a client asks again under the same request id until she is answered, or gives up.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_TOWN_H_
#define MERITBOOK_TESTS_SIM_TOWN_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/call.h"
#include "tests/ledger/property_world.h"
#include "tests/sim/auditor.h"
#include "tests/sim/chances.h"

namespace meritbook::sim {

// In chances of a hundred.
struct NetworkFaults {
  size_t loses_request = 0;
  size_t loses_answer = 0;
  size_t repeats = 0;
  size_t gives_up = 0;
  size_t has_deadline = 0;
};

// What the towns share.
struct Surroundings {
  Chances* chances = nullptr;
  Tally* tally = nullptr;
  NetworkFaults network;
  std::function<void(const std::string&)> tell;      // the story
  const std::vector<int64_t>* step_walls = nullptr;  // the wall clock at each of the server's steps
  std::function<bool()> server_lives;
  std::function<int64_t()> monotonic_us;
};

class Town {
 public:
  Town(std::string id, uint64_t seed, Surroundings surroundings);

  const std::string& id() const { return id_; }
  Auditor& auditor() { return auditor_; }

  // Makes a wish or two; when the world says they are made on the wall clock. False if it has to
  // wait for answers first.
  bool Wish(int64_t* wall_us);
  // Somebody looks at a balance.
  void WishToRead();
  // A message that is on its way reaches the server; false if there is none.
  bool Deliver(const std::function<void(Call)>& take);
  // A client who has waited long enough asks again; false if nobody waits. `all` of them.
  bool AskAgain(bool all);
  // Nothing reaches anybody any more: the process is gone.
  void LoseAll();

  bool has_open_wishes() const;
  bool has_messages() const { return !messages_.empty(); }
  // Nobody gives up from now on, and nothing is lost.
  void Calm() { calm_ = true; }
  // What must hold at the end, beside the answers; "" if it does.
  std::string CheckEnd() const;

 private:
  struct Wished {
    std::vector<Ask> asks;
    std::vector<Caller> callers;
    std::vector<Command> commands;
    bool atomic = false;
    bool open = true;    // nobody has answered it
    int on_the_way = 0;  // messages and calls of it
  };
  struct Message {
    std::shared_ptr<Wished> wished;  // null: a read
    std::string volunteer_id;        // of a read
    uint64_t told_size = 0;          // when it was sent
    size_t sent_at_step = 0;
  };

  void Send(const std::shared_ptr<Wished>& wished);
  Window WindowOf(const Message& message) const;
  Call CallOf(const Message& message);
  Call ReadOf(const Message& message);
  void Answered(const Message& message, const std::vector<Answer>& answers);
  void Note(const Ask& ask, bool may_be_done);
  bool Percent(size_t percent) { return !calm_ && s_.chances->Percent(percent); }
  void ForgetTheOld();

  const std::string id_;
  const Surroundings s_;
  Auditor auditor_;
  property::World world_;
  std::list<std::shared_ptr<Wished>> wishes_;  // the open ones
  std::deque<Message> messages_;
  std::multiset<uint64_t> asked_at_;         // told sizes of what is on its way or in the server
  std::map<std::string, bool> may_be_done_;  // by key: whether the server may have done it
  uint64_t life_ = 0;
  bool calm_ = false;
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_TOWN_H_
