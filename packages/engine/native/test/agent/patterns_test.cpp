#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>
#include <vector>

#include "agent/generic_arity.h"
#include "agent/own_code.h"
#include "agent/patterns.h"
#include "agent/wildcard.h"

namespace firstchance::agent {
namespace {

struct WildcardCase {
    const char* pattern;
    const char* text;
    bool part;
    bool whole;
};

TEST(Wildcard, Table) {
    const WildcardCase cases[] = {
        {"", "", true, true},
        {"", "a", true, false},
        {"a", "", false, false},
        {"*", "", true, true},
        {"*", "anything", true, true},
        {"?", "", false, false},
        {"?", "x", true, true},
        {"abc", "xxABCxx", true, false},
        {"abc", "AbC", true, true},
        {"a*c", "xa123cx", true, false},
        {"a*c", "a123c", true, true},
        {"a?c", "abc", true, true},
        {"a?c", "ac", false, false},
        {"*b*", "abc", true, true},
        {"a*b*c", "aXXbYYbZZc", true, true},
        {"a*b*c", "aXXcYYb", false, false},
        {"ab", "aab", true, false},
        {"*.dll", "a.dll.b", true, false},
        {"a**b", "ab", true, true},
        {"***", "", true, true},
        {"aab", "aaab", true, false},
        {"a.c", "abc", false, false},
        {"[a]", "a", false, false},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(matchesPart(c.pattern, c.text), c.part) << c.pattern << " in " << c.text;
        EXPECT_EQ(matchesWhole(c.pattern, c.text), c.whole) << c.pattern << " is " << c.text;
    }
}

// Against std::regex on random patterns of a tiny alphabet, where stars and repeats meet often.
TEST(Wildcard, AgreesWithARegex) {
    std::mt19937 random(7);
    const std::string alphabet = "ab*?";
    const auto make = [&](std::size_t letters) {
        std::string text(random() % 8, ' ');
        for (char& c : text) {
            c = alphabet[random() % letters];
        }
        return text;
    };
    for (int i = 0; i < 20000; ++i) {
        const std::string pattern = make(4);
        const std::string text = make(2);
        std::string expression;
        for (const char c : pattern) {
            expression += c == '*' ? ".*" : c == '?' ? "." : std::string(1, c);
        }
        const std::regex regex(expression);
        ASSERT_EQ(matchesWhole(pattern.c_str(), text.c_str()), std::regex_match(text, regex))
            << pattern << " " << text;
        ASSERT_EQ(matchesPart(pattern.c_str(), text.c_str()), std::regex_search(text, regex))
            << pattern << " " << text;
    }
}

TEST(Wildcard, JudgedBytesAreNotMissedAtTheirEnd) {
    EXPECT_TRUE(matchesPart("Exception: the", "My.Exception: the disk", 12));
    EXPECT_TRUE(matchesPart("n: ", "My.Exception: the disk", 12));
    EXPECT_TRUE(matchesPart("*the*", "My.Exception: the disk", 12));
    EXPECT_TRUE(matchesPart("My*disk", "My.Exception: the disk", 12));
    EXPECT_FALSE(matchesPart("drive", "My.Exception: the disk", 12));
    EXPECT_FALSE(
        matchesPart("`x", "My.Exception: @X", 12)); // '`' and '@' differ by the bit that is a letter's case
}

class Patterns : public testing::Test {
protected:
    PatternList list(const std::vector<std::string>& patterns) {
        text_.clear();
        for (const auto& pattern : patterns) {
            text_ += pattern + '\0';
        }
        return {text_.c_str(), static_cast<std::uint32_t>(patterns.size())};
    }
    bool matches(const std::vector<std::string>& patterns, const std::string& message) {
        const PatternList patternList = list(patterns);
        const TypeVerdict verdict = patternList.judgeType(fileNotFound_);
        const std::string text = std::string(fileNotFound_.name.data) + ": " + message;
        return verdict == TypeVerdict::Matches ||
               (verdict == TypeVerdict::AskMessage &&
                patternList.matchesText(text.c_str(), fileNotFound_.name.size));
    }

    TypeNames exception_{"System.Exception", nullptr};
    TypeNames io_{"System.IO.IOException", &exception_};
    TypeNames fileNotFound_{"System.IO.FileNotFoundException", &io_};

private:
    std::string text_;
};

TEST_F(Patterns, Table) {
    const struct {
        std::vector<std::string> patterns;
        const char* message;
        bool expected;
    } cases[] = {
        {{"FileNotFound"}, "", true},
        {{"filenotfound"}, "", true},
        {{"System.IO.IOException"}, "", true},
        {{"system.exception"}, "", true},
        {{"IOException"}, "", false}, // neither a base's full name nor in the text
        {{"System.IO.*Exception: *disk*"}, "the disk is full", true},
        {{"System.IO.*Exception: *disk*"}, "the drive is full", false},
        {{"disk"}, "The Disk is full", true},
        {{"Exception: the"}, "the disk", true},
        {{"other", "disk"}, "disk", true},
        {{"+System.IO.IOException"}, "", true},
        {{"+System.IO.*"}, "", true},
        {{"+IOException"}, "+IOException", false}, // whole names only, never the message
        {{"+"}, "a + b", true},
        {{"nothing"}, "", false},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(matches(c.patterns, c.message), c.expected) << c.patterns.front() << " / " << c.message;
    }
    EXPECT_EQ(list({}).judgeType(fileNotFound_), TypeVerdict::NoPattern);
}

TEST(GenericArity, Table) {
    const struct {
        const char* text;
        const char* name;
        std::uint32_t arity;
    } cases[] = {{"List`1", "List", 1}, {"D`12", "D", 12}, {"Plain", "Plain", 0}, {"`", "`", 0},
                 {"`1", "", 1},         {"A1", "A1", 0},   {"", "", 0},           {"X`12345", "X`12345", 0}};
    for (const auto& c : cases) {
        const MetadataName split = splitArity(c.text);
        EXPECT_TRUE(equals(split.name, c.name)) << c.text;
        EXPECT_EQ(split.arity, c.arity) << c.text;
    }
}

TEST(OwnCode, Table) {
    for (const char* framework :
         {"/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll",
          "/usr/share/dotnet/shared/Microsoft.AspNetCore.App/10.0.0/Anything.dll",
          "/app/System.Text.Json.dll", "/app/xunit.v3.core.dll", "/app/testhost.dll",
          "/app/nunit.framework.dll", "netstandard.dll"}) {
        EXPECT_TRUE(isFrameworkModule(framework)) << framework;
    }
    for (const char* own :
         {"/app/Shop.dll", "/app/SystemTests.dll", "/home/shared/Shop.dll", "/app/MyMicrosoft.dll"}) {
        EXPECT_FALSE(isFrameworkModule(own)) << own;
    }
}

} // namespace
} // namespace firstchance::agent
