#include "tests/bench/counter.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "ledger/text.h"
#include "tests/e2e/requests.h"

namespace meritbook::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTills = 8;
constexpr int kShoppers = 64;

template <typename Message>
void Read(const std::string& text, Message* message) {
  MB_CHECK(google::protobuf::TextFormat::ParseFromString(text, message));
}

}  // namespace

void Require(const Outcome& outcome) {
  if (outcome.ok()) return;
  std::fprintf(stderr, "%s: %s\n", outcome.text.c_str(), outcome.message.c_str());
  std::exit(1);
}

Importer::Importer(const Client& platform, int64_t recorded_us)
    : recorded_us_(recorded_us),
      stream_(platform.Open(MethodOf(*v1::ImportRequest::descriptor()))) {
  request_.set_ledger_id(kLedger);
}

v1::ImportItem& Importer::Next() {
  if (request_.items_size() == 4'096) Flush();
  v1::ImportItem& item = *request_.add_items();
  item.set_recorded_us(recorded_us_);
  return item;
}

void Importer::AddVolunteer(const std::string& id) {
  v1::ImportItem& volunteer = Next();
  volunteer.set_request_id(id);
  volunteer.mutable_register_volunteer()->set_volunteer_id(id);
  volunteer.mutable_register_volunteer()->set_age_band(v1::AGE_BAND_18_TO_59);
}

void Importer::Credit(const std::string& volunteer, const std::string& day, int number,
                      int minutes) {
  v1::ServiceRecord& record = *Next().mutable_credit_hours()->mutable_record();
  record.set_record_id(Text(volunteer, "-", number));
  record.set_volunteer_id(volunteer);
  record.set_activity_id("patrol");
  record.mutable_duration()->set_service_day(day);
  record.mutable_duration()->set_minutes(static_cast<uint32_t>(minutes));
}

void Importer::Flush() {
  if (request_.items().empty()) return;
  if (!stream_->Write(request_)) Require(stream_->Finish());
  request_.clear_items();
  if (++under_way_ == 4) Await();
}

void Importer::Finish() {
  Flush();
  while (under_way_ > 0) Await();
  stream_->WritesDone();
  Require(stream_->Finish());
}

void Importer::Await() {
  v1::ImportResponse response;
  if (!stream_->Read(&response)) Require(stream_->Finish());
  for (const v1::ItemResult& result : response.results()) {
    if (result.has_error()) Require(OutcomeOf(result.error()));
  }
  --under_way_;
}

void OpenMall(Importer& importer) {
  v1::ImportItem* item = &importer.Next();
  item->set_request_id("org");
  Read("organisation_id: 'org' kind: ORGANISATION_KIND_TEAM",
       item->mutable_register_organisation());
  item = &importer.Next();
  item->set_request_id("patrol");
  Read("activity_id: 'patrol' organisation_id: 'org' category: 'patrol' starts_us: 1",
       item->mutable_register_activity());
  item = &importer.Next();
  item->set_request_id("bakery");
  Read("merchant_id: 'bakery' kind: 'bakery'", item->mutable_onboard_merchant());
  item = &importer.Next();
  item->set_request_id("bread");
  Read("item_id: 'bread' merchant_id: 'bakery' price_points: 1 stock: 1000000000",
       item->mutable_publish_item());
}

void AddShoppers(Importer& importer, int days_ago) {
  for (int s = 0; s < kShoppers; ++s) {
    const std::string id = Text("shopper", s);
    importer.AddVolunteer(id);
    for (int day = 1; day <= 3; ++day) importer.Credit(id, DaysAgo(days_ago + day), day, 1'440);
  }
}

double Latencies::At(double share) {
  std::sort(ms.begin(), ms.end());
  return ms[std::min(ms.size() - 1, static_cast<size_t>(share * static_cast<double>(ms.size())))];
}

void Latencies::Print(const char* name) {
  std::printf("%-24s %6zu redemptions in %5.1f s   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms\n",
              name, ms.size(), static_cast<double>(ms.size()) / per_second, At(0.5), At(0.99),
              At(1));
}

Latencies RedeemAtRate(const ServerProcess& server, const std::string& round, int per_second,
                       double seconds, const std::function<bool()>& done) {
  std::vector<Latencies> of_till(kTills);
  std::atomic<bool> stop = false;
  std::vector<std::thread> tills;
  const Clock::time_point start = Clock::now() + std::chrono::milliseconds(200);
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      const Client client(server.port(), server.DevKey("platform"));
      for (int i = till; !stop; i += kTills) {
        const auto due =
            start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(i) / per_second));
        std::this_thread::sleep_until(due);
        Require(client.Call(
            Redeem(Text(round, "-", i), Text("shopper", i % kShoppers), "bakery", "bread", 1)));
        of_till[till].ms.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - due).count());
      }
    });
  }
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (Clock::now() - start < std::chrono::duration<double>(seconds) || !done());
  stop = true;
  for (std::thread& thread : tills) thread.join();
  Latencies all{.ms = {}, .per_second = per_second};
  for (const Latencies& part : of_till) all.ms.insert(all.ms.end(), part.ms.begin(), part.ms.end());
  return all;
}

}  // namespace meritbook::e2e
