#include "cli/expected_ledger.h"

#include <nlohmann/json.hpp>

#include "cli/text.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAbsent = "-";

std::string TextOf(const Json* value) { return value == nullptr ? kAbsent : value->dump(); }

const Json* Member(const Json* object, const std::string& key) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &*found;
}

// A list's elements by the fields that are expected of them, all other values whole.
bool Agrees(const Json& expected, const Json& found) {
  if (expected.is_object() && found.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (!found.contains(key) || !Agrees(value, found[key])) return false;
    }
    return true;
  }
  if (expected.is_array() && found.is_array()) {
    if (expected.size() != found.size()) return false;
    for (size_t i = 0; i < expected.size(); ++i) {
      if (!Agrees(expected[i], found[i])) return false;
    }
    return true;
  }
  return expected == found;
}

void Compare(const std::string& name, const Json* expected, const Json* found,
             std::vector<ExpectedFigure>& figures) {
  if (expected != nullptr && expected->is_object()) {
    for (const auto& [key, value] : expected->items()) {
      Compare(Text(name, ".", key), &value, Member(found, key), figures);
    }
    return;
  }
  const bool same = expected != nullptr && found != nullptr && Agrees(*expected, *found);
  figures.push_back({name, TextOf(expected), TextOf(found), !same});
}

}  // namespace

absl::StatusOr<std::vector<ExpectedFigure>> CompareExpected(std::string_view expected_json,
                                                            const Json& found) {
  const Json expected = Json::parse(expected_json, nullptr, false);
  if (!expected.is_object()) return absl::InvalidArgumentError("is no JSON object");
  std::vector<ExpectedFigure> figures;
  for (const auto& [part, wanted] : expected.items()) {
    if (!wanted.is_object()) return absl::InvalidArgumentError(Text(part, " is no JSON object"));
    Compare(part, &wanted, Member(&found, part), figures);
  }
  for (const auto& [part, values] : found.items()) {
    const Json* const wanted = Member(&expected, part);
    for (const auto& [key, value] : values.items()) {
      // A kind of event that never occurred and that nobody expects is still no difference.
      if (Member(wanted, key) != nullptr || value == 0) continue;
      if (part == "balances") continue;
      figures.push_back({Text(part, ".", key), kAbsent, TextOf(&value), true});
    }
  }
  return figures;
}

std::vector<std::string> EventKinds() {
  std::vector<std::string> kinds;
  const auto* const body = v1::Event::descriptor()->FindOneofByName("body");
  kinds.reserve(static_cast<size_t>(body->field_count()));
  for (int i = 0; i < body->field_count(); ++i) kinds.push_back(body->field(i)->name());
  return kinds;
}

}  // namespace meritbook::cli
