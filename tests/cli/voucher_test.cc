// A voucher's digits, its QR code and its slip.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "cli/qr_code.h"
#include "cli/table.h"
#include "cli/voucher_code.h"
#include "cli/voucher_slip.h"

namespace meritbook::cli {
namespace {

TEST(Luhn, HasItsKnownAnswers) {
  // Numbers known to pass.
  EXPECT_EQ(LuhnDigit("7992739871"), '3');
  EXPECT_TRUE(PassesLuhn("79927398713"));
  EXPECT_TRUE(PassesLuhn("4111111111111111"));
  EXPECT_TRUE(PassesLuhn("0"));
  EXPECT_FALSE(PassesLuhn(""));
  EXPECT_FALSE(PassesLuhn("79927398710"));
  EXPECT_FALSE(PassesLuhn("7992739871x"));
}

TEST(VoucherCode, IsTwentyDigitsThatPass) {
  std::set<std::string> codes;
  std::set<char> digits;
  for (int i = 0; i < 500; ++i) {
    const auto code = MakeVoucherCode();
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(code->size(), 20U);
    EXPECT_TRUE(PassesLuhn(*code)) << *code;
    EXPECT_EQ(*ParseVoucherCode(*code), *code);
    EXPECT_TRUE(codes.insert(*code).second) << *code;
    digits.insert(code->begin(), code->end());
  }
  EXPECT_EQ(digits.size(), 10U);
}

TEST(VoucherCode, AWrongDigitIsAlwaysFound) {
  const std::string code = *MakeVoucherCode();
  for (size_t at = 0; at < code.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == code[at]) continue;
      std::string wrong = code;
      wrong[at] = digit;
      EXPECT_FALSE(ParseVoucherCode(wrong).ok()) << code << " as " << wrong;
    }
  }
}

TEST(VoucherCode, ASwapIsFoundUnlessOfZeroAndNine) {
  const std::string code = *MakeVoucherCode();
  for (size_t at = 0; at + 1 < code.size(); ++at) {
    if (code[at] == code[at + 1]) continue;
    const std::set<char> pair = {code[at], code[at + 1]};
    std::string swapped = code;
    std::swap(swapped[at], swapped[at + 1]);
    EXPECT_EQ(ParseVoucherCode(swapped).ok(), pair == (std::set<char>{'0', '9'}))
        << code << " as " << swapped;
  }
}

TEST(VoucherCode, IsReadAsPeopleWriteIt) {
  const std::string code = *MakeVoucherCode();
  EXPECT_EQ(*ParseVoucherCode(InFours(code)), code);
  EXPECT_EQ(InFours("12345678901234567890"), "1234 5678 9012 3456 7890");
  EXPECT_EQ(*ParseVoucherCode(code.substr(0, 4) + "-" + code.substr(4)), code);
  EXPECT_FALSE(ParseVoucherCode(code.substr(1)).ok());
  EXPECT_FALSE(ParseVoucherCode(code + "0").ok());
  EXPECT_FALSE(ParseVoucherCode("").ok());
  EXPECT_FALSE(ParseVoucherCode("x" + code.substr(1)).ok());
}

TEST(VoucherCode, LeadsToItsOrderAndNotBack) {
  const std::string code = *MakeVoucherCode();
  const std::string id = VoucherOrderId("town", code);
  EXPECT_EQ(id.size(), 2U + 24U);
  EXPECT_EQ(id, VoucherOrderId("town", code));
  EXPECT_NE(id, VoucherOrderId("other", code));
  EXPECT_NE(id, VoucherOrderId("town", *MakeVoucherCode()));
  EXPECT_EQ(id.find(code.substr(0, 6)), std::string::npos);
}

// What ISO/IEC 18004 puts into the three corners, 7 by 7 modules.
void ExpectFinder(const QrCode& code, int left, int top) {
  for (int y = 0; y < 7; ++y) {
    for (int x = 0; x < 7; ++x) {
      const int ring = std::max(std::abs(x - 3), std::abs(y - 3));
      EXPECT_EQ(code.dark(left + x, top + y), ring != 2) << x << ", " << y;
    }
  }
}

TEST(QrCode, TwentyDigitsFitTheSmallest) {
  const auto code = QrCode::Of("12345678901234567890");
  ASSERT_TRUE(code.ok()) << code.status();
  // Version 1 has room for 34 digits at level M.
  EXPECT_EQ(code->size(), 21);
  ExpectFinder(*code, 0, 0);
  ExpectFinder(*code, 14, 0);
  ExpectFinder(*code, 0, 14);
  EXPECT_FALSE(code->dark(-1, 0));
  EXPECT_FALSE(code->dark(21, 0));
}

TEST(QrCode, IsDrawnWithItsQuietZone) {
  const auto code = QrCode::Of("12345678901234567890");
  ASSERT_TRUE(code.ok()) << code.status();
  const std::string plain = code->HalfBlocks(false);
  // 29 modules on a side, two to a line.
  EXPECT_EQ(std::count(plain.begin(), plain.end(), '\n'), 15);
  const std::string first = plain.substr(0, plain.find('\n'));
  EXPECT_EQ(DisplayWidth(first), 29U);
  // The quiet zone is light, and light is drawn.
  EXPECT_EQ(first.find("▀"), std::string::npos);
  EXPECT_EQ(first.substr(0, 3), "█");
  const std::string colour = code->HalfBlocks(true);
  EXPECT_EQ(colour.rfind("\033[38;5;16;48;5;231m", 0), 0U);
  EXPECT_EQ(std::count(colour.begin(), colour.end(), '\n'), 15);
  const std::string svg = code->Svg();
  EXPECT_NE(svg.find("viewBox=\"0 0 29 29\""), std::string::npos);
  EXPECT_NE(svg.find("M4 4h1v1h-1z"), std::string::npos);
}

VoucherSlip Slip() {
  VoucherSlip slip;
  slip.ledger_id = "town";
  slip.merchant_id = "bakery";
  slip.order_id = "v-0123";
  slip.last_day = "2026-12-01";
  slip.units = 72'000;
  v1::PricedLine* const line = slip.lines.Add();
  line->set_item_id("bun");
  line->set_quantity(2);
  line->set_price_points(6);
  slip.code = "12345678901234567897";
  return slip;
}

TEST(Slip, SaysWhatTheClerkNeeds) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    const auto text = SlipText(Slip(), language, SlipQr::kNone);
    const auto page = SlipPage(Slip(), language);
    ASSERT_TRUE(text.ok()) << text.status();
    ASSERT_TRUE(page.ok()) << page.status();
    for (const char* wanted :
         {"bakery", "bun", "2026-12-01", "1234 5678 9012 3456 7897", "12.00", "v-0123", "town"}) {
      EXPECT_NE(text->find(wanted), std::string::npos) << wanted;
      EXPECT_NE(page->find(wanted), std::string::npos) << wanted;
    }
    EXPECT_EQ(text->find("█"), std::string::npos);
  }
  EXPECT_NE(SlipText(Slip(), Language::kEnglish, SlipQr::kPlain)->find("█"), std::string::npos);
}

TEST(Slip, ThePageNeedsNothingElse) {
  VoucherSlip slip = Slip();
  slip.merchant_id = "<b>\"&";
  const std::string page = *SlipPage(slip, Language::kChinese);
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_NE(page.find("&lt;b&gt;&quot;&amp;"), std::string::npos);
  EXPECT_NE(page.find("lang=\"zh\""), std::string::npos);
  // The namespace of SVG is the only address in it.
  std::string rest = page;
  rest.erase(rest.find("http://www.w3.org/2000/svg"), 26);
  for (const char* reference : {"http", "src=", "href", "@import", "url(", "<script"}) {
    EXPECT_EQ(rest.find(reference), std::string::npos) << reference;
  }
}

}  // namespace
}  // namespace meritbook::cli
