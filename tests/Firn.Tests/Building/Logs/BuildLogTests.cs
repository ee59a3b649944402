using System.Text;
using Firn.Building.Logs;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Building.Logs;

public sealed class BuildLogTests
{
    private readonly RecordingLog _log = new();

    [Theory]
    [InlineData("one\ntwo\n", "one", "two")]
    [InlineData("one\r\ntwo\r\n", "", "")]
    [InlineData("10%\r20%\r100%\ndone", "100%", "done")]
    [InlineData("100%\r20%\n", "20%")]
    [InlineData("\n\n", "", "")]
    public void A_carriage_return_goes_back_to_the_start_as_with_cpp_nix(string printed, params string[] lines)
    {
        Read(printed);
        Assert.Equal(lines, _log.Lines);
    }

    [Fact]
    public void A_line_of_any_length_is_kept_in_pieces()
    {
        var printed = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i} "));
        Read(printed);
        Assert.True(_log.Lines.Count() > 1);
        Assert.Equal(printed, string.Concat(_log.Lines));
    }

    [Fact]
    public void A_phase_is_told_and_not_printed()
    {
        Read("@nix {\"action\":\"setPhase\",\"phase\":\"buildPhase\"}\n");
        Assert.Equal([(ActivityEvent.SetPhase, "buildPhase")], _log.Events);
    }

    [Theory]
    [InlineData("@nix {\"action\":\"msg\",\"level\":1,\"msg\":null}")]
    [InlineData("@nix {\"action\":\"setPhase\"}")]
    [InlineData("@nix []")]
    [InlineData("@nix ")]
    public void What_is_no_message_is_printed_with_a_warning(string line)
    {
        Read(line + "\n");
        Assert.Equal([line], _log.Lines);
        Assert.Equal(Verbosity.Warning, Assert.Single(_log.Messages).Level);
    }

    private void Read(string printed)
    {
        var log = new BuildLog(_log, 1, tailLines: 10);
        log.Write(Encoding.UTF8.GetBytes(printed));
        log.Finish();
    }
}
