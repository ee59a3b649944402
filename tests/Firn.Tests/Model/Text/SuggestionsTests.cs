using CsCheck;
using Firn.Model.Text;

namespace Firn.Tests.Model.Text;

public sealed class SuggestionsTests
{
    private static readonly string[] Names = ["hello", "help", "shell", "yellow", "hallo", "world", "hlelo", "hell", "jello"];

    [Fact]
    public void The_nearest_names_come_first_and_not_more_than_five() =>
        Assert.Equal(["hallo", "hello", "hell", "hlelo", "jello"], Suggestions.Nearest("hullo", Names));

    [Fact]
    public void A_hint_names_what_is_near()
    {
        Assert.Null(Suggestions.Hint("firefox", Names));
        Assert.Equal("Did you mean world?", Suggestions.Hint("wrold", Names));
        Assert.Equal("Did you mean one of shell or hell?", Suggestions.Hint("shel", ["shell", "hell", "nothing"]));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "abxc", 1)]
    [InlineData("abc", "xbc", 1)]
    [InlineData("abcd", "badc", 2)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    [InlineData("", "abc", 3)]
    public void The_distance_counts_mistakes(string first, string second, int expected) =>
        Assert.Equal(expected, Suggestions.Distance(first, second, 10));

    [Fact]
    public void A_bound_changes_nothing_below_it() =>
        Gen.Char["abc"].Array[0, 8].Select(Gen.Char["abc"].Array[0, 8], Gen.Int[0, 5]).Sample((first, second, bound) =>
            Suggestions.Distance(first, second, bound) == Math.Min(bound + 1, Suggestions.Distance(first, second, 100)));

    [Fact]
    public void The_distance_is_the_same_both_ways() =>
        Gen.Char["abc"].Array[0, 8].Select(Gen.Char["abc"].Array[0, 8]).Sample((first, second) =>
            Suggestions.Distance(first, second, 100) == Suggestions.Distance(second, first, 100));
}
