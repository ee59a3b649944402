using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Parsing;

/// <summary>A script whose first lines name <c>nix</c> as its interpreter, and say how to call it.</summary>
internal static class NixShebang
{
    private const string CommentCharacters = "#/\\%@*-(";
    private const string Reserved = "$*~<>|;()[]{}'\"\\";

    /// <summary>Returns the arguments that stand for those of a script, and the folder that relative paths in it start from; null when the first is no script.</summary>
    public static (string[] Arguments, string Directory)? Expand(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var file, ..] || !File.Exists(file) || file.StartsWith('-'))
        {
            return null;
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        if (reader.ReadLine()?.StartsWith("#!", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var content = new StringBuilder();
        while (reader.ReadLine() is { Length: > 0 } line && CommentCharacters.Contains(line[0]))
        {
            // One space after the word goes, so that what is indented stays so.
            if (line.StartsWith("#!", StringComparison.Ordinal) && line[2..].TrimStart() is var rest && rest.StartsWith("nix", StringComparison.Ordinal)
                && (rest.Length == 3 || rest[3] == ' '))
            {
                content.Append(rest.Length > 4 ? rest[4..] : "").Append('\n');
            }
        }

        return ([.. Words(content.ToString()), file, .. arguments.Skip(1)], Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/");
    }

    /// <summary>Splits at spaces; what stands between double backticks is one word.</summary>
    /// <exception cref="UsageException">A character stands outside of them that may get a meaning one day.</exception>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
            {
                Take();
            }
            else if (c == '`')
            {
                if (i + 1 == text.Length || text[i + 1] != '`')
                {
                    throw new UsageException("single backtick is not a supported syntax in the nix shebang.");
                }

                words.Add(Quoted(text, ref i));
            }
            else if (Reserved.Contains(c))
            {
                throw new UsageException($"unsupported unquoted character in nix shebang: {c}. Use double backticks to escape?");
            }
            else if (c == '#' && word.Length == 0)
            {
                throw new UsageException("unquoted nix shebang argument cannot start with #. Use double backticks to escape?");
            }
            else
            {
                word.Append(c);
            }
        }

        Take();
        return words;

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>Reads from the opening backticks to the closing ones; three or more stand for one less.</summary>
    private static string Quoted(string text, ref int at)
    {
        var i = at + 2;
        var word = new StringBuilder();
        while (i < text.Length)
        {
            var count = text.AsSpan(i).IndexOfAnyExcept('`') is >= 0 and var end ? end : text.Length - i;
            if (count == 2)
            {
                at = i + 1;
                return word is { Length: > 0 } && word[^1] == ' ' ? word.ToString(0, word.Length - 1) : word.ToString();
            }

            if (count > 0)
            {
                word.Append('`', count > 2 ? count - 1 : count);
                i += count;
            }
            else
            {
                word.Append(text[i++]);
            }
        }

        throw new UsageException("unterminated quoted string in nix shebang");
    }
}
