using CsCheck;
using Firn.Cli.Repl.Lines;

namespace Firn.Tests.Cli.Repl;

/// <summary>Editing a line.</summary>
public sealed class LineBufferTests
{
    [Fact]
    public void Words_are_cut_and_put_back_and_letters_change_places()
    {
        var line = new LineBuffer();
        line.Set("map toStrnig list");

        Press(line, KeyKind.WordLeft);
        Press(line, KeyKind.DeleteWordLeft);
        Assert.Equal("map list", line.Text);

        Press(line, KeyKind.Paste, KeyKind.Left, KeyKind.Left, KeyKind.Left, KeyKind.Transpose);
        Assert.Equal("map toString list", line.Text);

        Press(line, KeyKind.DeleteToStart, KeyKind.DeleteToEnd);
        Assert.Equal("", line.Text);
    }

    [Fact]
    public void What_is_seen_as_one_character_is_removed_as_one()
    {
        var line = new LineBuffer();
        line.Set("aé👩‍👧e\u0301");

        Press(line, KeyKind.Backspace, KeyKind.Backspace);
        Assert.Equal("aé", line.Text);
    }

    [Fact]
    public void No_sequence_of_keys_leaves_the_cursor_outside_the_line() => Gen.Select(Gen.String, Gen.Enum<KeyKind>().List[0, 30]).Sample((text, keys) =>
    {
        var line = new LineBuffer();
        line.Set(text);
        foreach (var key in keys)
        {
            line.Apply(new Key(key, key == KeyKind.Text ? "x" : ""));
            Assert.InRange(line.Cursor, 0, line.Text.Length);
        }
    });

    private static void Press(LineBuffer line, params KeyKind[] keys)
    {
        foreach (var key in keys)
        {
            Assert.True(line.Apply(new Key(key)), key.ToString());
        }
    }
}
