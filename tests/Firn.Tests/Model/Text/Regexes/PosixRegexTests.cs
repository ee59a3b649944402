using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Firn.Model.Text.Regexes;

namespace Firn.Tests.Model.Text.Regexes;

public sealed class PosixRegexTests
{
    public static TheoryData<string, string, string> Table => ReadTable();

    [Theory]
    [MemberData(nameof(Table))]
    public void Patterns_mean_what_they_mean_to_libstdcxx(string pattern, string text, string expected) =>
        Assert.Equal(expected, Describe(Bytes(pattern), Bytes(text)));

    [Fact]
    public void A_failure_says_where_and_what_is_wrong()
    {
        var error = Assert.Throws<RegexException>(() => PosixRegex.Parse("ab(c"u8));

        Assert.Equal("invalid regular expression 'ab(c'", error.Message);
        Assert.Equal(["At byte 4 of the pattern: a '(' is never closed."], error.Diagnostic.Hints);
    }

    [Theory]
    [InlineData("a{100001}")]
    [InlineData("((a{100}){100}){100}")]
    [InlineData("a{0,60000}")]
    public void An_expression_of_too_many_states_is_refused(string pattern)
    {
        var error = Assert.Throws<RegexException>(() => PosixRegex.Parse(Encoding.ASCII.GetBytes(pattern)));

        Assert.Equal(RegexFailureKind.TooLarge, error.Failure.Kind);
        Assert.Equal($"memory limit exceeded by regular expression '{pattern}'", error.Message);
    }

    [Fact]
    public void Nesting_has_no_limit_but_memory()
    {
        var pattern = Encoding.ASCII.GetBytes(new string('(', 20_000) + "a" + new string(')', 20_000));

        Assert.True(PosixRegex.Parse(pattern).TryMatchWhole("a"u8, []));
    }

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|aa)+$b")]
    [InlineData("(a|a)*b")]
    [InlineData("((a+)(a+))*b")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[^a]")]
    [InlineData("a*a*a*a*a*a*b")]
    public void No_pattern_takes_more_than_linear_time(string pattern)
    {
        var regex = PosixRegex.Parse(Encoding.ASCII.GetBytes(pattern));
        var text = Encoding.ASCII.GetBytes(new string('a', 20_000));
        var watch = Stopwatch.StartNew();

        Assert.False(regex.TryMatchWhole(text, []));
        Assert.False(regex.TryFind(text, 0, []));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_long_text_needs_no_deep_stack()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("ab\n", 300_000)));
        var groups = new RegexGroup[2];

        Assert.True(PosixRegex.Parse("(a|b|\n)*"u8).TryMatchWhole(text, groups));
        Assert.Equal(new RegexGroup(text.Length - 1, text.Length), groups[1]);
    }

    [Fact]
    public void A_pattern_of_escaped_bytes_matches_just_these_bytes() =>
        Gen.Byte[1, 255].Array[0, 12].Select(Gen.Byte.Array[0, 12]).Sample((wanted, other) =>
        {
            var regex = PosixRegex.Parse(Escape(wanted));
            Assert.True(regex.TryMatchWhole(wanted, []));
            Assert.Equal(wanted.AsSpan().SequenceEqual(other), regex.TryMatchWhole(other, []));
        });

    [Fact]
    public void The_pieces_and_matches_of_a_split_make_up_the_text() =>
        Gen.OneOf("a*", "(a|ab)", "b?(c|)", "[ab]+", "^a|c$", "(a*b?)*", "").Select(Gen.Char["abc"].Array[0, 20])
            .Sample((pattern, letters) =>
            {
                var regex = PosixRegex.Parse(Encoding.ASCII.GetBytes(pattern));
                var text = Encoding.ASCII.GetBytes(letters);
                var groups = new RegexGroup[regex.GroupCount + 1];
                var rebuilt = new List<byte>();
                var last = 0;
                for (var found = regex.TryFind(text, 0, groups); found; found = regex.TryFindNext(text, groups[0], groups))
                {
                    Assert.True(groups[0].Start >= last);
                    rebuilt.AddRange(text[last..groups[0].Start]);
                    rebuilt.AddRange(groups[0].Of(text));
                    last = groups[0].End;
                }

                rebuilt.AddRange(text[last..]);
                Assert.Equal(text, rebuilt);
            });

    [Fact]
    public void Any_bytes_are_a_pattern_or_a_clean_failure() =>
        Gen.OneOf(Gen.Byte, Gen.OneOf([.. "[](){}|*+?.^$\\-:=,12ab"u8])).Array[0, 16]
            .Select(Gen.Byte.Array[0, 8]).Sample((pattern, text) =>
            {
                if (PosixRegex.TryParse(pattern, out var regex, out var failure))
                {
                    regex.TryMatchWhole(text, []);
                    regex.TryFind(text, 0, []);
                }
                else
                {
                    Assert.InRange(failure.Offset, 0, pattern.Length);
                }
            });

    private static string Describe(byte[] pattern, byte[] text)
    {
        if (!PosixRegex.TryParse(pattern, out var regex, out _))
        {
            return "E";
        }

        var result = new StringBuilder();
        var groups = new RegexGroup[regex.GroupCount + 1];
        result.Append(regex.TryMatchWhole(text, groups) ? "M" + Spans(groups) : "N");
        for (var found = regex.TryFind(text, 0, groups); found; found = regex.TryFindNext(text, groups[0], groups))
        {
            result.Append(" S").Append(Spans(groups));
        }

        return result.ToString();
    }

    private static string Spans(RegexGroup[] groups) =>
        string.Concat(groups.Select(group => group.HasMatched ? $" {group.Start}-{group.End}" : " x"));

    private static byte[] Escape(byte[] bytes) =>
        [.. bytes.SelectMany(value => ".[\\()*+?{|^$"u8.Contains(value) ? [(byte)'\\', value] : new[] { value })];

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '<')
            {
                bytes.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 3;
            }
            else
            {
                bytes.Add((byte)text[at]);
            }
        }

        return [.. bytes];
    }

    private static TheoryData<string, string, string> ReadTable([CallerFilePath] string test = "")
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Path.GetDirectoryName(test)!, "libstdcxx.table")))
        {
            if (!line.StartsWith('#') && line.Split('\t') is [var pattern, var text, var expected])
            {
                rows.Add(pattern, text, expected);
            }
        }

        return rows;
    }
}
