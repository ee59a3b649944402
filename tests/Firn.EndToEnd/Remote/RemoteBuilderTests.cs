using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Firn.EndToEnd.Remote;

/// <summary>Builds on other machines over real ssh: which machine builds, and what happens when one is not there any more.</summary>
/// <remarks>Each machine is a network namespace with an sshd; as root only, since ssh servers change users.</remarks>
public sealed class RemoteBuilderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firn-builders-").FullName;

    public RemoteBuilderTests() => Assert.SkipWhen(WhyNot() is { }, $"network namespaces with ssh servers cannot be made here: {WhyNot()}");

    public void Dispose()
    {
        Process.Start("chmod", ["-R", "u+w", _folder]).WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("speed")]
    [InlineData("speed-old")]
    public void The_fastest_machine_that_is_free_builds(string scenario) => Assert.Equal(["built-on fast", "output built"], Run(scenario));

    [Theory]
    [InlineData("feature")]
    [InlineData("feature-old")]
    public void Only_a_machine_that_offers_the_feature_builds(string scenario) => Assert.Equal(["built-on special", "output built"], Run(scenario));

    [Fact]
    public void Builds_go_to_several_machines_at_once()
    {
        var lines = Run("spread");
        Assert.Contains("output 1 2", lines);
        Assert.True(lines.Count(l => l.StartsWith("built-on ", StringComparison.Ordinal)) > 1, string.Join('\n', lines));
    }

    [Theory]
    [InlineData("vanish")]
    [InlineData("vanish-old")]
    [InlineData("cut")]
    public void When_a_machine_disappears_while_it_builds_another_one_builds(string scenario)
    {
        var lines = Run(scenario);
        Assert.Contains("gone fast", lines);
        Assert.Contains("output built", lines);
        Assert.Contains(lines, l => l is "built-on small" or "built-on special");
        // Who only lost the cable may well have gone on.
        Assert.True(scenario == "cut" || !lines.Contains("built-on fast"));
    }

    [Fact]
    public void When_all_machines_are_gone_the_build_fails_and_says_so() => Assert.Equal(["gone 3"], Run("none"));

    private List<string> Run(string scenario)
    {
        using var process = Process.Start(new ProcessStartInfo("unshare",
            ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "bash", Script, Machine.WithNix, Machine.FirnCommands, _folder, scenario])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{scenario} ended with {process.ExitCode}:\n{output}\n{errors.GetAwaiter().GetResult()}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string? WhyNot()
    {
        if (Environment.UserName != "root")
        {
            return "that takes root";
        }

        if (!File.Exists("/usr/sbin/sshd"))
        {
            return "there is no sshd (package openssh-server)";
        }

        using var trial = Process.Start(new ProcessStartInfo("unshare",
            ["--mount", "--net", "sh", "-c", "mount -t tmpfs none /run && mkdir /run/netns && ip netns add trial && ip link add one type veth peer name two netns trial"])
        {
            RedirectStandardError = true,
        })!;
        var errors = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : errors.Trim();
    }

    private static string Script => Path.Combine(Path.GetDirectoryName(Here())!, "builders.sh");

    private static string Here([CallerFilePath] string here = "") => here;
}
