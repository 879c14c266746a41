#include "clr/type_name_syntax.h"

#include <random>

#include <gtest/gtest.h>

namespace firstchance {
namespace {

TEST(TypeNameSyntax, WritesNamesAsDotnetToolsDo) {
    const std::pair<const char*, const char*> cases[] = {
        {"System.String", "System.String"},
        {"System.Int32[]", "System.Int32[]"},
        {"System.Int32[,][]", "System.Int32[,][]"},
        {"Shop.Outer+Inner", "Shop.Outer+Inner"},
        {"Shop.Box`1[[System.Int32, System.Private.CoreLib]]", "Shop.Box<System.Int32>"},
        {"Shop.Box`1[[System.Int32, System.Private.CoreLib]][]", "Shop.Box<System.Int32>[]"},
        {"Shop.Map`2[[System.Int32, A],[Shop.Box`1[[System.String, A]], B]]",
         "Shop.Map<System.Int32, Shop.Box<System.String>>"},
        {"Shop.Outer`1+Inner`1[[A, X],[B, X]]", "Shop.Outer<A>+Inner<B>"},
        {"Shop.Outer`1+Plain[[A, X]]", "Shop.Outer<A>+Plain"},
        {"Shop.Box`1[[System.Int32[], System.Private.CoreLib]]", "Shop.Box<System.Int32[]>"},
        {"Shop.Cart.Add(System.Int32, System.String[])", "Shop.Cart.Add(System.Int32, System.String[])"},
        {"Shop.Box`1[[System.__Canon, L]].Put(System.__Canon)",
         "Shop.Box<System.__Canon>.Put(System.__Canon)"},
        {"Shop.Cart.Get[[System.Int32, L]](Int32)", "Shop.Cart.Get<System.Int32>(Int32)"},
        {"Shop.Cart.Read(System.Span`1<Byte>)", "Shop.Cart.Read(System.Span<Byte>)"},
        {"", ""},
    };
    for (const auto& [raw, readable] : cases) {
        EXPECT_EQ(readable, readableName(raw));
    }
}

TEST(TypeNameSyntax, ReturnsWhatItCannotReadAsItIs) {
    for (const char* raw : {"A[[B", "A`1[[B, C]", "A`1[[B],", "A`1[[[[["}) {
        EXPECT_EQ(raw, readableName(raw));
    }
    const std::string deep = [] {
        std::string text;
        for (int i = 0; i < 100'000; ++i) {
            text += "A`1[[";
        }
        return text;
    }();
    EXPECT_EQ(deep, readableName(deep));
}

TEST(TypeNameSyntax, SurvivesAnyText) {
    std::mt19937 random(7);
    const std::string alphabet = "A`1[],+ .()&*<>";
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::size_t length = random() % 40; length > 0; --length) {
            text += alphabet[random() % alphabet.size()];
        }
        EXPECT_LE(readableName(text).size(), 4 * text.size() + 4);
    }
}

} // namespace
} // namespace firstchance
