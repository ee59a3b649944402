using Firn.Model.Text;
using Firn.Platform.Processes;
using Firn.Sandbox;

namespace Firn.Tests.Sandbox;

public sealed class OrphanWatchTests
{
    [Fact]
    public void What_runs_still_when_the_watched_process_is_gone_is_killed_with_its_children_and_nothing_else()
    {
        using var builder = Start("sleep 100 & sleep 100");
        using var finished = Start("sleep 100");
        using (var watch = new OrphanWatch())
        {
            watch.Add(builder.Id);
            watch.Add(finished.Id);
            watch.Remove(finished.Id);
            // Its end is what being killed looks like to the shell that reads from the pipe.
        }

        Assert.Equal(9, builder.Wait(TimeSpan.FromSeconds(10))?.Signal);
        Assert.Null(finished.Wait(TimeSpan.Zero));
        // Its children got the signal with it, but nobody waits for their end.
        Assert.True(SpinWait.SpinUntil(() => !Groups().Contains(builder.Id), TimeSpan.FromSeconds(10)));
    }

    private static ChildProcess Start(string script) => ChildProcess.Start(new ChildOptions
    {
        Program = ByteString.Of("/bin/sh"),
        Arguments = [ByteString.Of("sh"), ByteString.Of("-c"), ByteString.Of(script)],
        Environment = [ByteString.Of("PATH=/usr/bin:/bin")],
        LeadsSession = true,
    });

    // The fifth field of a process's status is its group; dead ones that nobody has asked about do not count.
    private static IEnumerable<int> Groups() => Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(d[6])).SelectMany(d =>
    {
        try
        {
            var fields = File.ReadAllText($"{d}/stat").Split(") ")[^1].Split(' ');
            return fields[0] == "Z" ? [] : new[] { int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture) };
        }
        catch (IOException)
        {
            return [];
        }
    });
}
