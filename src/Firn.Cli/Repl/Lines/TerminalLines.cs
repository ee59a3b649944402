using System.Text;
using Firn.Platform.Processes;

namespace Firn.Cli.Repl.Lines;

/// <summary>Lines that a person types at a terminal, with editing, history and completion.</summary>
/// <param name="keys">The keys.</param>
/// <param name="output">The terminal.</param>
/// <param name="history">The lines of before.</param>
/// <param name="complete">Given what stands in front of the cursor, says what could stand there.</param>
/// <param name="enter">Puts the terminal into raw mode.</param>
/// <param name="width">Tells how many columns it has.</param>
internal sealed class TerminalLines(
    KeyReader keys, Stream output, History history, Func<string, Completions> complete, Func<RawTerminal?> enter, Func<int> width) : ILineSource
{
    private const string StartPasting = "\e[?2004h";
    private const string EndPasting = "\e[?2004l";

    private readonly LineBuffer _line = new();
    private string _prompt = "";
    private int _row;
    private bool _isPasting;
    private RawTerminal? _terminal;

    // Which line of the history is shown, and what was typed before it was.
    private int _shown;
    private string _typed = "";

    public LineRead Read(string prompt)
    {
        (_prompt, _row, _shown) = (prompt, 0, history.Lines.Count);
        _line.Set("");
        using var terminal = enter();
        _terminal = terminal;
        try
        {
            Write(StartPasting);
            Draw();
            return Edit();
        }
        finally
        {
            Write(EndPasting);
            _terminal = null;
        }
    }

    private LineRead Edit()
    {
        while (true)
        {
            var key = keys.Next();
            switch (key.Kind)
            {
                case KeyKind.InputOver:
                case KeyKind.EndOfInput when _line.Text.Length == 0:
                    Leave();
                    return new LineRead.End();
                case KeyKind.Interrupt:
                    Write("^C");
                    Leave();
                    _isPasting = false;
                    return new LineRead.Dropped();
                case KeyKind.Enter:
                    Leave();
                    history.Add(_line.Text);
                    return new LineRead.Line(_line.Text);
                default:
                    Do(key);
                    break;
            }

            // What is pasted comes faster than it need be drawn.
            if (!keys.IsReady)
            {
                Draw();
            }
        }
    }

    private void Do(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.PasteStart or KeyKind.PasteEnd:
                _isPasting = key.Kind == KeyKind.PasteStart;
                break;
            case KeyKind.Tab when _isPasting:
                _line.Insert(key.Text);
                break;
            case KeyKind.Tab:
                Complete();
                break;
            case KeyKind.EndOfInput:
                _line.Apply(new Key(KeyKind.Delete));
                break;
            case KeyKind.Up:
                Show(_shown - 1);
                break;
            case KeyKind.Down:
                Show(_shown + 1);
                break;
            case KeyKind.SearchBack:
                Search();
                break;
            case KeyKind.ClearScreen:
                Write("\e[H\e[2J");
                _row = 0;
                break;
            default:
                _line.Apply(key);
                break;
        }
    }

    private void Show(int index)
    {
        if (index < 0 || index > history.Lines.Count)
        {
            return;
        }

        _typed = _shown == history.Lines.Count ? _line.Text : _typed;
        _shown = index;
        _line.Set(index == history.Lines.Count ? _typed : history.Lines[index]);
    }

    /// <summary>Looks for older lines while a text is typed; any other key takes the line found and does what it does.</summary>
    private void Search()
    {
        var (wanted, found, before) = ("", history.Lines.Count, _line.Text);
        while (true)
        {
            var line = found >= 0 && found < history.Lines.Count ? history.Lines[found] : before;
            _line.Set(line);
            Draw($"(search `{wanted}`) ");
            var key = keys.Next();
            switch (key.Kind)
            {
                case KeyKind.Text:
                    wanted += key.Text;
                    found = history.Find(wanted, Math.Min(found + 1, history.Lines.Count)) is >= 0 and var match ? match : found;
                    break;
                case KeyKind.Backspace when wanted.Length > 0:
                    wanted = wanted[..^1];
                    found = history.Find(wanted, history.Lines.Count);
                    break;
                case KeyKind.SearchBack:
                    found = history.Find(wanted, found) is >= 0 and var older ? older : found;
                    break;
                case KeyKind.Cancel or KeyKind.Interrupt:
                    _line.Set(before);
                    return;
                case KeyKind.Enter or KeyKind.Tab:
                    return;
                default:
                    Do(key);
                    return;
            }
        }
    }

    private void Complete()
    {
        // Looking may evaluate: Ctrl-C is to stop that, and it does so outside raw mode only.
        _terminal?.Suspend();
        var found = complete(_line.BeforeCursor);
        _terminal?.Resume();
        if (found.Texts.Count == 0)
        {
            Write("\a");
            return;
        }

        var typed = _line.BeforeCursor[found.Start..];
        var common = found.Common;
        if (common.Length > typed.Length)
        {
            for (var i = 0; i < typed.Length; i++)
            {
                _line.Apply(new Key(KeyKind.Backspace));
            }

            _line.Insert(common);
        }
        else if (found.Texts.Count > 1)
        {
            Leave();
            Write(found.Table(width()));
        }
    }

    /// <summary>Puts the cursor behind the line, on a row of its own.</summary>
    private void Leave()
    {
        _line.Apply(new Key(KeyKind.End));
        Draw();
        Write("\n");
        _row = 0;
    }

    private void Draw(string? prompt = null)
    {
        var shown = prompt ?? _prompt;
        var columns = width();
        var text = new StringBuilder();
        if (_row > 0)
        {
            text.Append($"\e[{_row}A");
        }

        var (total, cursor) = (TextWidth.Of(shown + _line.Text), TextWidth.Of(shown + _line.BeforeCursor));
        text.Append("\r\e[J").Append(shown).Append(_line.Text);
        if (total > 0 && total % columns == 0)
        {
            // The terminal waits with the next row until something is on it.
            text.Append("\n\r");
        }

        var (lastRow, row) = (total / columns, cursor / columns);
        if (lastRow > row)
        {
            text.Append($"\e[{lastRow - row}A");
        }

        text.Append('\r');
        if (cursor % columns > 0)
        {
            text.Append($"\e[{cursor % columns}C");
        }

        _row = row;
        Write(text.ToString());
    }

    private void Write(string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }
}
