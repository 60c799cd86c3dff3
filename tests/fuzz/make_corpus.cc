// Writes the inputs that fuzzing starts from: make_corpus DIR. What fuzzing finds beside them is
// added by hand: PROGRAM -merge=1 tests/fuzz/corpus/NAME build/asan/fuzz-artifacts/NAME.corpus
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "ledger/text.h"
#include "storage/batch_record.h"
#include "storage/row_codec.h"
#include "tests/fuzz/known_history.h"

namespace meritbook::fuzz {
namespace {

class Corpus {
 public:
  explicit Corpus(std::string dir) : dir_(std::move(dir)) {}

  void Add(const std::string& target, std::string_view name, std::string_view bytes) const {
    const std::filesystem::path folder = std::filesystem::path(dir_) / target;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }

 private:
  const std::string dir_;
};

// One of each kind of event.
void AddEvents(const Corpus& corpus, const std::vector<std::string>& events) {
  for (const std::string& bytes : events) {
    v1::Event event;
    event.ParseFromString(bytes);
    corpus.Add("event", Text("body-", int{event.body_case()}), Text(std::string(1, '\0'), bytes));
  }
}

void AddRecords(const Corpus& corpus, const std::vector<std::string>& events) {
  EventRun run;
  for (size_t i = 0; i < 3; ++i) run.Add(events[i]);
  const EncodedRecord record = EncodeBatchRecord({.ledger = "linhai",
                                                  .first_sequence = 0,
                                                  .writer = {1, 2},
                                                  .previous = FirstPreviousHash("linhai")},
                                                 run, 0, run.size());
  corpus.Add("batch_record", "three-events", record.bytes);
  corpus.Add("guard", "whole", Text(std::string(2, '\0'), "MBGD"));
}

void AddRows(const Corpus& corpus, const std::vector<std::string>& events) {
  Ledger ledger("linhai");
  for (const std::string& event : events) ledger.Replay(event).IgnoreError();
  for (const RowRef& ref : ledger.mutable_state().TakeDirty().rows) {
    const char table = static_cast<char>(ref.table);
    corpus.Add("state_row", Text("table-", int{table}),
               Text(std::string(1, table), EncodeRow(ledger.state(), ref)));
  }
}

// Long enough to get past the founding of a ledger.
void AddDecisions(const Corpus& corpus) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 12; ++i) {
    std::string bytes;
    for (size_t n = 400 + random() % 3'000; n > 0; --n)
      bytes.push_back(static_cast<char>(random()));
    corpus.Add("decide", Text("history-", i), bytes);
  }
}

void AddTexts(const Corpus& corpus) {
  corpus.Add("csv", "plain",
             "volunteer_id,units,expiry_day,minutes\nv1,6000,2026-12-31,60\nv2,0,,\n");
  corpus.Add("csv", "quoted", "\"units\",volunteer_id\r\n\"1\"\"2\",\"v,\n1\"\r\n");
  corpus.Add("csv", "faults", "\xef\xbb\xbfvolunteer_id,units,other\nv1\n\"open\n");
  corpus.Add("config", "plain",
             "data_dir: \"/d\" listen: \"127.0.0.1:7117\" free_bytes_floor: 268435456\n"
             "queue_commands_max: 65536 backup_dir: \"/b\" scrub_bytes_per_second: 0\n"
             "principals { principal_id: \"op\" roles: ROLE_OPERATOR source: \"s\" key_sha256_hex: "
             "\"00\" }\n");
  corpus.Add("config", "faults", "listen: \"[::1]:x\" principals { roles: 99 } nonsense: 1");
}

int Main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "make_corpus DIR\n";
    return 2;
  }
  const Corpus corpus(argv[1]);
  const std::vector<std::string> events = KnownHistory();
  AddEvents(corpus, events);
  AddRecords(corpus, events);
  AddRows(corpus, events);
  AddDecisions(corpus);
  AddTexts(corpus);
  return 0;
}

}  // namespace
}  // namespace meritbook::fuzz

int main(int argc, char** argv) { return meritbook::fuzz::Main(argc, argv); }
