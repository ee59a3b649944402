using System.Collections.Immutable;
using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Daemon.Ssh;

/// <summary>Splits text into words as a shell does: at white space, but for what is quoted.</summary>
internal static class ShellWords
{
    public static ImmutableArray<string> Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var isInWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isInWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isInWord = false;
                }

                continue;
            }

            isInWord = true;
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
            }
            else
            {
                word.Append(c);
            }
        }

        if (quote != '\0')
        {
            throw new UsageException($"a {quote} is not closed in '{text}'");
        }

        if (isInWord)
        {
            words.Add(word.ToString());
        }

        return words.ToImmutable();
    }
}
