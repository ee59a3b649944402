using System.Text;
using System.Text.RegularExpressions;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Legacy.NixShell;

/// <summary>A script whose first lines name <c>nix-shell</c> as its interpreter, and say how to call it.</summary>
/// <param name="File">The script.</param>
/// <param name="Options">What its lines say.</param>
/// <param name="Arguments">What the script itself was called with.</param>
internal sealed partial record ShebangScript(string File, IReadOnlyList<string> Options, IReadOnlyList<string> Arguments)
{
    /// <summary>Where relative paths in the lines start from.</summary>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(File)) ?? "/";

    /// <summary>Recognises a script in the first argument; null when it is none.</summary>
    public static ShebangScript? Find(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var file, ..] || file.StartsWith('-') || !System.IO.File.Exists(file))
        {
            return null;
        }

        using var reader = new StreamReader(file);
        if (reader.ReadLine() is not { } first || !first.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }

        var options = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (OptionLine().Match(line) is { Success: true } match)
            {
                options.AddRange(ShellWords(match.Groups[1].Value));
            }
        }

        return new ShebangScript(file, options, [.. arguments.Skip(1)]);
    }

    /// <summary>The command line by which an interpreter runs the script.</summary>
    public string CommandFor(string interpreter)
    {
        var file = ShellText.Quote(File);
        var arguments = string.Concat(Arguments.Select(a => ShellText.Quote(a) + " "));
        // Perl and Ruby read the first line too and would come back here.
        var alias = interpreter.Contains("perl", StringComparison.Ordinal) ? "-a PERL" : "";
        return interpreter.Contains("ruby", StringComparison.Ordinal)
            ? $"exec {alias} {interpreter} -e 'load(ARGV.shift)' -- {file} {arguments}"
            : $"exec {alias} {interpreter} {file} {arguments}";
    }

    /// <summary>Splits as a shell does, quotes and backslashes included.</summary>
    public static IEnumerable<string> ShellWords(string text)
    {
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    yield return word.ToString();
                }

                (isWord, _) = (false, word.Clear());
            }
            else if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (quote == '\0' ? c is '\'' or '"' : c == quote)
            {
                (quote, isWord) = (quote == '\0' ? c : '\0', true);
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            throw new UsageException("unterminated quote in shebang line");
        }

        if (isWord)
        {
            yield return word.ToString();
        }
    }

    [GeneratedRegex(@"^#!\s*nix-shell\s+(.*)$")]
    private static partial Regex OptionLine();
}
