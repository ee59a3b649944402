using Firn.Cli.Repl.Lines;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Cli.Repl;

/// <summary>Lines that were typed before.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void Lines_are_there_in_the_next_session_but_blank_and_repeated_ones_are_not()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Path + "/new/repl-history";
        var history = new History(file, NoMessageLog.Instance);
        foreach (var line in (string[])["a", "a", "  ", "b", "a"])
        {
            history.Add(line);
        }

        Assert.Equal(["a", "b", "a"], new History(file, NoMessageLog.Instance).Lines);
        Assert.Equal("a\nb\na\n", File.ReadAllText(file));
    }

    [Fact]
    public void The_newest_line_before_another_is_found_first()
    {
        var history = new History(null, NoMessageLog.Instance);
        history.Add("map f");
        history.Add("head x");
        history.Add("map g");

        Assert.Equal(2, history.Find("map", 3));
        Assert.Equal(0, history.Find("map", 2));
        Assert.Equal(-1, history.Find("map", 0));
    }
}
