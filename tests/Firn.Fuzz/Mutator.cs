namespace Firn.Fuzz;

/// <summary>Changes inputs a little, at random: bytes, words of the language, pieces of other inputs.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[][] _words =
    [
        .. new[]
        {
            "{", "}", "(", ")", "[", "]", ";", ":", ",", ".", "=", "==", "\"", "''", "${", "'''", "''$", "''\\", "\\", "@", "?",
            "...", "or ", "rec ", "let ", "in ", "if ", "then ", "else ", "with ", "assert ", "inherit ", "//", "++", "->",
            "/*", "*/", "#", "\n", "\r\n", "\0", "\t", "./", "~/", "<a>", "a:b", "1.5", "99999999999999999999", "é", "\uFEFF",
            "__curPos", "|>", "<|", "!", "-", "&&", "||", "$", "/** d */",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private readonly Random _random = new(seed);

    /// <summary>Returns a changed copy of one of the inputs.</summary>
    internal byte[] Next()
    {
        var input = Piece(corpus[_random.Next(corpus.Count)], 2_000);
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
        {
            input = Change(input);
        }

        return input;
    }

    private byte[] Change(byte[] input)
    {
        var at = _random.Next(input.Length + 1);
        var end = Math.Min(input.Length, at + 1 + _random.Next(8));
        return _random.Next(8) switch
        {
            0 => [.. input[..at], .. input[end..]],
            1 => [.. input[..at], (byte)_random.Next(256), .. input[at..]],
            2 => [.. input[..at], .. Piece(corpus[_random.Next(corpus.Count)], 60), .. input[at..]],
            3 => input[..at],
            4 => [.. input[..at], .. Enumerable.Repeat(Word(), _random.Next(1, 40)).SelectMany(word => word), .. input[at..]],
            5 => [.. input[..at], .. Word(), .. input[end..]],
            _ => [.. input[..at], .. Word(), .. input[at..]],
        };
    }

    private byte[] Word() => _words[_random.Next(_words.Length)];

    private byte[] Piece(byte[] input, int longest)
    {
        if (input.Length <= longest && _random.Next(2) == 0)
        {
            return input;
        }

        var start = _random.Next(input.Length + 1);
        return input[start..Math.Min(input.Length, start + _random.Next(longest))];
    }
}
