using Firn.Evaluation.Values;
using Firn.Model.Text.Regexes;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over regular expressions (POSIX extended).</summary>
internal static class RegularExpressions
{
    /// <summary>Matches a whole string; returns its groups, or null.</summary>
    [Builtin("match")]
    public static Value Match(Evaluator eval, NixString pattern, NixString text)
    {
        var regex = eval.RegexOf(pattern);
        Span<RegexGroup> groups = stackalloc RegexGroup[regex.GroupCount + 1];
        return regex.TryMatchWhole(text.Bytes, groups) ? Groups(text, groups) : NixNull.Instance;
    }

    /// <summary>Splits a string at matches: text and lists of groups by turns.</summary>
    [Builtin("split")]
    public static Value Split(Evaluator eval, NixString pattern, NixString text)
    {
        var regex = eval.RegexOf(pattern);
        var bytes = text.Bytes;
        Span<RegexGroup> groups = stackalloc RegexGroup[regex.GroupCount + 1];
        if (!regex.TryFind(bytes, 0, groups))
        {
            return NixList.Of([text]);
        }

        var parts = new List<Value>();
        var end = 0;
        do
        {
            var match = groups[0];
            parts.Add(new NixString(bytes[end..match.Start], text.Context));
            parts.Add(Groups(text, groups));
            end = match.End;
        }
        while (regex.TryFindNext(bytes, groups[0], groups));
        parts.Add(new NixString(bytes[end..], text.Context));
        return NixList.Of(parts);
    }

    private static NixList Groups(NixString text, ReadOnlySpan<RegexGroup> groups)
    {
        if (groups.Length == 1)
        {
            return NixList.Empty;
        }

        var values = new Value[groups.Length - 1];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = groups[i + 1].HasMatched
                ? new NixString(groups[i + 1].Of(text.Bytes))
                : NixNull.Instance;
        }

        return NixList.Of(values);
    }
}
