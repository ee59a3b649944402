namespace Firn.Cli.Explaining;

/// <summary>What a kind of error means, for <c>firn explain CODE</c>.</summary>
/// <remarks>They stand in the texts beside this file, one for each room: <c>=== CODE</c>, the meaning, then each example and the cause below a line with dashes.</remarks>
/// <param name="Code">The code, as errors show it.</param>
/// <param name="Meaning">What it means, in a sentence or two.</param>
/// <param name="Wrong">Something that fails so: an expression, a part of a file, or commands that begin with <c>$</c>.</param>
/// <param name="Right">The same without the mistake.</param>
/// <param name="Cause">How it commonly comes about, and what to do.</param>
internal sealed record Explanation(string Code, string Meaning, string Wrong, string Right, string Cause)
{
    /// <summary>All of them, in the order of their codes.</summary>
    public static IReadOnlyList<Explanation> All()
    {
        var assembly = typeof(Explanation).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith("explain/", StringComparison.Ordinal))
                .SelectMany(name => Read(new StreamReader(assembly.GetManifestResourceStream(name)!).ReadToEnd()))
                .OrderBy(explanation => explanation.Code, StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads a text of explanations.</summary>
    public static IEnumerable<Explanation> Read(string text)
    {
        foreach (var entry in ("\n" + text).Split("\n=== ").Skip(1))
        {
            var (head, wrong) = Cut(entry, "\n--- wrong\n");
            (wrong, var right) = Cut(wrong, "\n--- right\n");
            (right, var cause) = Cut(right, "\n--- cause\n");
            var (code, meaning) = Cut(head, "\n");
            yield return new Explanation(code, meaning, wrong, right, cause.TrimEnd('\n'));
        }

        static (string, string) Cut(string text, string mark) => text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at
            ? (text[..at], text[(at + mark.Length)..])
            : throw new FormatException($"an explanation lacks '{mark.Trim()}': {text}");
    }
}
