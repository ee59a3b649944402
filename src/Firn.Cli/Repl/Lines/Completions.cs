using System.Text;
using Firn.Model.Text;

namespace Firn.Cli.Repl.Lines;

/// <summary>What could stand at the cursor.</summary>
/// <param name="Start">Where in the line it would begin.</param>
/// <param name="Texts">What could stand there, each with what is typed already.</param>
internal sealed record Completions(int Start, IReadOnlyList<string> Texts)
{
    private const int MaxListed = 200;

    public static Completions None { get; } = new(0, []);

    /// <summary>What all texts begin with.</summary>
    public string Common
    {
        get
        {
            var common = Texts.Count > 0 ? Texts[0] : "";
            foreach (var text in Texts)
            {
                common = common[..common.AsSpan().CommonPrefixLength(text)];
            }

            // Half a character would be none.
            return common.Length > 0 && char.IsHighSurrogate(common[^1]) ? common[..^1] : common;
        }
    }

    /// <summary>Lists the texts in columns.</summary>
    public string Table(int width)
    {
        var listed = Texts.Order(Utf8Order.Comparer).Take(MaxListed).ToList();
        var column = listed.Max(TextWidth.Of) + 2;
        var columns = Math.Max(1, width / column);
        var rows = (listed.Count + columns - 1) / columns;
        var table = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            for (var i = row; i < listed.Count; i += rows)
            {
                table.Append(listed[i]);
                if (i + rows < listed.Count)
                {
                    table.Append(' ', column - TextWidth.Of(listed[i]));
                }
            }

            table.Append('\n');
        }

        return Texts.Count > MaxListed ? table.Append($"… and {Texts.Count - MaxListed} more\n").ToString() : table.ToString();
    }
}
