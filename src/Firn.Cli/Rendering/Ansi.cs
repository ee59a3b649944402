namespace Firn.Cli.Rendering;

/// <summary>Colours for a terminal, or nothing where there is none.</summary>
internal readonly record struct Ansi(bool IsColoured)
{
    public string Error(string text) => Wrap("31;1", text);

    public string Warning(string text) => Wrap("35;1", text);

    public string Good(string text) => Wrap("32;1", text);

    public string Place(string text) => Wrap("34;1", text);

    public string Bold(string text) => Wrap("1", text);

    public string Faint(string text) => Wrap("2", text);

    /// <summary>Takes colours and other escapes out of what programs print.</summary>
    public static string Strip(string text)
    {
        if (!text.Contains('\e'))
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\e')
            {
                plain.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '[')
            {
                i += 2;
                while (i < text.Length && text[i] is < '@' or > '~')
                {
                    i++;
                }
            }
            else
            {
                // Choosing a character set takes one byte more than the other short escapes.
                i += i + 1 < text.Length && text[i + 1] is ('(' or ')') ? 2 : 1;
            }
        }

        return plain.ToString();
    }

    private string Wrap(string code, string text) => IsColoured ? $"\e[{code}m{text}\e[0m" : text;
}
