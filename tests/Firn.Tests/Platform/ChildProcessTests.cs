using System.Text;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Tests.Platform;

public sealed class ChildProcessTests
{
    [Fact]
    public void A_process_has_the_environment_and_the_descriptors_it_was_given_and_no_others()
    {
        var (end, output, _) = Run("env; ls -1 /proc/$$/fd", environment: ["A=1", "PATH=/usr/bin:/bin"]);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        Assert.True(end.IsSuccess);
        Assert.Contains("A=1", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Equal(["0", "1", "2"], lines.Where(line => line.Length == 1).Order());
    }

    [Fact]
    public void Output_on_a_terminal_arrives_byte_for_byte()
    {
        var (_, output, _) = Run("test -t 1 && printf 'a\\r\\nb\\n\\t'");
        Assert.Equal("a\r\nb\n\t", output);
    }

    [Theory]
    [InlineData("exit 3", "failed with exit code 3")]
    [InlineData("kill -9 $$", "failed due to signal 9 (Killed)")]
    [InlineData("kill -PIPE $$", "failed due to signal 13 (Broken pipe)")]
    [InlineData("true", "succeeded")]
    public void The_way_a_process_ended_is_worded(string script, string words) =>
        Assert.Equal(words, Run(script).End.ToString());

    [Fact]
    public void A_program_that_does_not_exist_is_an_error_with_its_name()
    {
        var error = Assert.Throws<ProcessException>(() => ChildProcess.Start(
            new ChildOptions { Program = ByteString.Of("/no/such/program"), Arguments = [ByteString.Of("x")] }));
        Assert.Equal("executing '/no/such/program': No such file or directory", error.Message);
    }

    [Fact]
    public void A_process_that_goes_on_in_the_background_does_not_hold_us_up()
    {
        var started = TimeProvider.System.GetTimestamp();
        var (_, output, _) = Run("sleep 20 & echo done");
        Assert.Equal("done\n", output);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("while :; do :; done", OutputEnd.Silent)]
    [InlineData("while :; do echo x; sleep 0.05; done", OutputEnd.TimedOut)]
    public void Silence_and_endless_talk_are_told_apart(string script, OutputEnd expected)
    {
        var limits = new OutputLimits(TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(1));
        Assert.Equal(expected, Run(script, limits: limits).Reading);
    }

    [Fact]
    public void Reading_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.Equal(OutputEnd.Stopped, Run("sleep 20", cancellation: cancellation.Token).Reading);
    }

    [Fact]
    public void The_creation_mask_of_a_process_is_its_own()
    {
        using var folder = new TemporaryFolder();
        Run($"umask; : > {folder.Path}/a", mask: 0x3f);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{folder.Path}/a"));
    }

    private static (ProcessEnd End, string Output, OutputEnd Reading) Run(
        string script, string[]? environment = null, OutputLimits limits = default, uint? mask = null, CancellationToken cancellation = default)
    {
        using var terminal = PseudoTerminal.Open(owner: null);
        using var child = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of("/bin/sh"),
            Arguments = [.. new[] { "sh", "-c", script }.Select(ByteString.Of)],
            Environment = [.. (environment ?? ["PATH=/usr/bin:/bin"]).Select(ByteString.Of)],
            Descriptors = [new((int)terminal.Theirs.DangerousGetHandle(), 1), new((int)terminal.Theirs.DangerousGetHandle(), 2)],
            LeadsSession = true,
            CreationMask = mask,
        });
        terminal.Theirs.Dispose();
        var output = new List<byte>();
        var reading = OutputPump.Run(child, terminal.Ours, bytes =>
        {
            output.AddRange(bytes);
            return true;
        }, limits, TimeProvider.System, cancellation);
        child.KillGroup();
        return (child.Wait(), Encoding.UTF8.GetString([.. output]), reading);
    }
}
