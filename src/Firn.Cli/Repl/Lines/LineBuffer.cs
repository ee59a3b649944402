using System.Globalization;

namespace Firn.Cli.Repl.Lines;

/// <summary>A line that is being typed, and where in it the cursor stands.</summary>
internal sealed class LineBuffer
{
    private string _cut = "";

    public string Text { get; private set; } = "";

    /// <summary>How many characters of <see cref="Text"/> stand in front of the cursor.</summary>
    public int Cursor { get; private set; }

    public string BeforeCursor => Text[..Cursor];

    /// <summary>Replaces the whole line; the cursor goes to its end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text) => (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Does what a key says; false when the key does not edit.</summary>
    public bool Apply(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Text:
                Insert(key.Text);
                return true;
            case KeyKind.Left:
                Cursor = Previous(Cursor);
                return true;
            case KeyKind.Right:
                Cursor = Next(Cursor);
                return true;
            case KeyKind.WordLeft:
                Cursor = WordStart(Cursor);
                return true;
            case KeyKind.WordRight:
                Cursor = WordEnd(Cursor);
                return true;
            case KeyKind.Home:
                Cursor = 0;
                return true;
            case KeyKind.End:
                Cursor = Text.Length;
                return true;
            case KeyKind.Backspace:
                Remove(Previous(Cursor), Cursor);
                return true;
            case KeyKind.Delete:
                Remove(Cursor, Next(Cursor));
                return true;
            case KeyKind.DeleteWordLeft:
                Cut(WordStart(Cursor), Cursor);
                return true;
            case KeyKind.DeleteWordRight:
                Cut(Cursor, WordEnd(Cursor));
                return true;
            case KeyKind.DeleteToStart:
                Cut(0, Cursor);
                return true;
            case KeyKind.DeleteToEnd:
                Cut(Cursor, Text.Length);
                return true;
            case KeyKind.Paste:
                Insert(_cut);
                return true;
            case KeyKind.Transpose:
                Transpose();
                return true;
            default:
                return false;
        }
    }

    private void Remove(int start, int end) => (Text, Cursor) = (Text.Remove(start, end - start), start);

    private void Cut(int start, int end)
    {
        _cut = Text[start..end];
        Remove(start, end);
    }

    private void Transpose()
    {
        var second = Cursor == Text.Length ? Previous(Cursor) : Cursor;
        var (first, end) = (Previous(second), Next(second));
        if (first < second)
        {
            (Text, Cursor) = (Text[..first] + Text[second..end] + Text[first..second] + Text[end..], end);
        }
    }

    // The cursor never stands inside what is seen as one character.
    private int Next(int at) => at + StringInfo.GetNextTextElementLength(Text, at);

    private int Previous(int at)
    {
        var previous = 0;
        for (var i = 0; i < at; i = Next(i))
        {
            previous = i;
        }

        return previous;
    }

    private int WordStart(int at)
    {
        while (at > 0 && !IsWord(Text[at - 1]))
        {
            at--;
        }

        while (at > 0 && IsWord(Text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordEnd(int at)
    {
        while (at < Text.Length && !IsWord(Text[at]))
        {
            at++;
        }

        while (at < Text.Length && IsWord(Text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_' || char.IsSurrogate(character);
}
