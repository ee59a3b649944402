using Firn.Building.Remote;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Building.Remote;

/// <summary>The machines that builds can be sent to, and which of them gets one.</summary>
public sealed class MachineTests
{
    [Fact]
    public void A_line_says_all_there_is_to_say()
    {
        var machine = Assert.Single(Parse("ssh://nix@mac i686-linux,x86_64-linux /key 8 2.5 kvm,big bench c3NoLWVk"));
        Assert.Equal(("ssh://nix@mac", "/key", 8, 2.5f, "c3NoLWVk"), (machine.Uri, machine.KeyFile, machine.MaxJobs, machine.SpeedFactor, machine.HostKey));
        Assert.Equal(["i686-linux", "x86_64-linux"], machine.Systems);
        Assert.Equal(["big", "kvm"], machine.SupportedFeatures);
        Assert.Equal(["bench"], machine.MandatoryFeatures);
    }

    [Fact]
    public void What_is_left_out_is_as_usual()
    {
        var machine = Assert.Single(Parse("host - - - - -"));
        Assert.Equal(("ssh://host", 1, 1f), (machine.Uri, machine.MaxJobs, machine.SpeedFactor));
        Assert.Equal(["x86_64-linux"], machine.Systems);
    }

    [Fact]
    public void Lines_semicolons_comments_and_files_are_read()
    {
        var machines = MachineText.Parse("a; b # c\n\n@/machines\n@/none", "s", f => f == "/machines" ? "/store\nd" : null);
        Assert.Equal(["ssh://a", "ssh://b", "/store", "ssh://d"], machines.Select(m => m.Uri));
    }

    [Theory]
    [InlineData("- x86_64-linux")]
    [InlineData("host - - many")]
    [InlineData("host - - -1")]
    [InlineData("host - - 1 fast")]
    [InlineData("host - - 1 -1")]
    [InlineData("@loop")]
    public void What_is_no_machine_is_refused(string text) => Assert.Throws<UsageException>(() => MachineText.Parse(text, "s", _ => text));

    [Theory]
    [InlineData("x86_64-linux", "", false)]
    [InlineData("x86_64-linux", "bench", true)]
    [InlineData("x86_64-linux", "bench kvm", true)]
    [InlineData("x86_64-linux", "bench other", false)]
    [InlineData("riscv64-linux", "bench", false)]
    [InlineData("builtin", "bench", true)]
    public void Features_decide_what_a_machine_gets(string system, string features, bool expected) =>
        Assert.Equal(expected, Parse("host - - 1 1 kvm bench")[0].CanBuild(system, features.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet()));

    [Fact]
    public void The_machine_with_the_least_to_do_for_its_speed_is_chosen()
    {
        var machines = Parse("slow - - 4 1; fast - - 4 4; small - - 1 8");
        Machine? Choose(params int[] loads) => MachinePlanner.Choose(machines.Zip(loads));
        Assert.Equal("ssh://small", Choose(0, 0, 0)!.Uri);
        Assert.Equal("ssh://fast", Choose(0, 0, 1)!.Uri);
        Assert.Equal("ssh://slow", Choose(0, 1, 1)!.Uri);
        Assert.Equal("ssh://fast", Choose(1, 3, 1)!.Uri);
        Assert.Null(Choose(4, 4, 1));
    }

    [Fact]
    public void Slots_are_counted_over_all_processes_and_given_back()
    {
        using var folder = new TemporaryFolder();
        var machines = Parse("one - - 2");
        var (mine, others) = (new MachineSlots(folder.Path), new MachineSlots(folder.Path));
        using var first = mine.TryTake(machines)!.Value.Slot;
        using (others.TryTake(machines)!.Value.Slot)
        {
            Assert.Null(mine.TryTake(machines));
        }

        using var second = mine.TryTake(machines)!.Value.Slot;
        Assert.NotNull(second);
    }

    private static System.Collections.Immutable.ImmutableArray<Machine> Parse(string text) => MachineText.Parse(text, "x86_64-linux", _ => null);
}
