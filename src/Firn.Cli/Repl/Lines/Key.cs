using System.Text;
using Firn.Platform.Processes;

namespace Firn.Cli.Repl.Lines;

/// <summary>What a key does, whichever bytes the terminal sends for it.</summary>
internal enum KeyKind
{
    Text,
    Enter,
    Tab,
    Interrupt,
    EndOfInput,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    Backspace,
    Delete,
    DeleteWordLeft,
    DeleteWordRight,
    DeleteToStart,
    DeleteToEnd,
    Paste,
    Transpose,
    ClearScreen,
    SearchBack,
    Cancel,
    PasteStart,
    PasteEnd,
    Ignored,
    InputOver,
}

/// <summary>One key, and the character it stands for when it is <see cref="KeyKind.Text"/>.</summary>
internal readonly record struct Key(KeyKind Kind, string Text = "");

/// <summary>Tells keys from the bytes that a terminal sends.</summary>
internal sealed class KeyReader(InputBytes input, Func<CancellationToken> cancellation)
{
    private const int Escape = 27;

    // An escape sequence comes in one piece; the Escape key alone is followed by nothing.
    private const int SequencePatience = 40;

    /// <summary>Whether the next key is there already.</summary>
    public bool IsReady => input.IsReady(0);

    public Key Next()
    {
        var first = input.Next(cancellation());
        return first switch
        {
            < 0 => new Key(KeyKind.InputOver),
            Escape => input.IsReady(SequencePatience) ? Sequence() : new Key(KeyKind.Cancel),
            < 32 or 127 => new Key(Control(first), first == '\t' ? "\t" : ""),
            < 128 => new Key(KeyKind.Text, ((char)first).ToString()),
            _ => new Key(KeyKind.Text, Character(first)),
        };
    }

    private static KeyKind Control(int code) => code switch
    {
        1 => KeyKind.Home,
        2 => KeyKind.Left,
        3 => KeyKind.Interrupt,
        4 => KeyKind.EndOfInput,
        5 => KeyKind.End,
        6 => KeyKind.Right,
        7 => KeyKind.Cancel,
        8 or 127 => KeyKind.Backspace,
        9 => KeyKind.Tab,
        10 or 13 => KeyKind.Enter,
        11 => KeyKind.DeleteToEnd,
        12 => KeyKind.ClearScreen,
        14 => KeyKind.Down,
        16 => KeyKind.Up,
        18 => KeyKind.SearchBack,
        20 => KeyKind.Transpose,
        21 => KeyKind.DeleteToStart,
        23 => KeyKind.DeleteWordLeft,
        25 => KeyKind.Paste,
        _ => KeyKind.Ignored,
    };

    private string Character(int first)
    {
        var length = first switch
        {
            >= 0xF0 => 4,
            >= 0xE0 => 3,
            _ => 2,
        };
        var bytes = new byte[length];
        bytes[0] = (byte)first;
        for (var i = 1; i < length; i++)
        {
            bytes[i] = (byte)input.Next(cancellation());
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private Key Sequence()
    {
        var second = input.Next(cancellation());
        if (second is not ('[' or 'O'))
        {
            return new Key((char)second switch
            {
                'b' => KeyKind.WordLeft,
                'f' => KeyKind.WordRight,
                'd' => KeyKind.DeleteWordRight,
                '\b' or (char)127 => KeyKind.DeleteWordLeft,
                _ => KeyKind.Ignored,
            });
        }

        var parameters = new StringBuilder();
        var next = input.Next(cancellation());
        while (next is >= '0' and <= '9' or ';' or '<' or '?')
        {
            parameters.Append((char)next);
            next = input.Next(cancellation());
        }

        return new Key(Named(parameters.ToString(), (char)next));
    }

    private static KeyKind Named(string parameters, char last) => (parameters, last) switch
    {
        ("1;5" or "1;3" or "5", 'D') => KeyKind.WordLeft,
        ("1;5" or "1;3" or "5", 'C') => KeyKind.WordRight,
        (_, 'A') => KeyKind.Up,
        (_, 'B') => KeyKind.Down,
        (_, 'C') => KeyKind.Right,
        (_, 'D') => KeyKind.Left,
        (_, 'H') or ("1" or "7", '~') => KeyKind.Home,
        (_, 'F') or ("4" or "8", '~') => KeyKind.End,
        ("3", '~') => KeyKind.Delete,
        ("3;5" or "3;3", '~') => KeyKind.DeleteWordRight,
        ("200", '~') => KeyKind.PasteStart,
        ("201", '~') => KeyKind.PasteEnd,
        _ => KeyKind.Ignored,
    };
}
