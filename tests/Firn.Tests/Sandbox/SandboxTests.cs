using System.Net;
using System.Net.Sockets;
using Firn.Model.Builds;
using Firn.Model.Hashing;
using Firn.Tests.Building;

namespace Firn.Tests.Sandbox;

/// <summary>What builders see and can do; needs bubblewrap and a static busybox.</summary>
public sealed class SandboxTests
{
    [Fact]
    public void A_builder_sees_exactly_these_files()
    {
        var lines = Run("cd /; find . -xdev -path ./proc -prune -o -print; find /dev /build /nix -print | sort");
        Golden.Check(At("files.golden.txt"), string.Join('\n', lines.Distinct().Order(StringComparer.Ordinal)) + "\n");
    }

    [Fact]
    public void A_builder_has_exactly_this_environment()
    {
        using var world = new BuildWorld(isSandboxed: true);
        world.Settings = world.Settings with { Cores = 3 };
        var result = world.Build(new Recipe("env > $out"));
        Assert.Null(result.Failure?.Message);
        var lines = world.Read(result.Outputs["out"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.StartsWith("SHLVL=", StringComparison.Ordinal) && !l.StartsWith("out=", StringComparison.Ordinal));
        Golden.Check(At("environment.golden.txt"), string.Join('\n', lines.Order(StringComparer.Ordinal)) + "\n");
    }

    [Fact]
    public void A_builder_is_process_1_of_user_1000_on_localhost()
    {
        var lines = Run("echo $$; id -u; id -g; hostname; pwd; cat /etc/passwd /etc/group /etc/hosts; umask; ls -ld / /build /nix/store | cut -c1-10; ulimit -c");
        Golden.Check(At("identity.golden.txt"), string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void Only_the_closure_of_the_inputs_is_in_the_store_and_nobody_can_change_it()
    {
        using var world = new BuildWorld(isSandboxed: true);
        var hidden = world.Add(new Recipe("echo > $out") { Name = "hidden" });
        world.Build(hidden);
        var input = world.Add(new Recipe("mkdir $out; echo 1 > $out/file") { Name = "input" });
        var result = world.Build(new Recipe(
            "ls /nix/store > list; cat list > $out; chmod u+w $input/file 2>/dev/null && echo changed >> $out; echo 2 > $input/file && echo written >> $out; true")
        {
            Inputs = [input],
            Variables = { ["input"] = BuilderTests.OutPath(world, input) },
        });
        Assert.Null(result.Failure?.Message);
        Assert.Equal([BuilderTests.OutPath(world, input)["/nix/store/".Length..]], world.Read(result.Outputs["out"]).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void There_is_no_network_but_for_outputs_whose_hash_is_known()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        new Thread(() =>
        {
            try
            {
                while (true)
                {
                    listener.AcceptSocket().Dispose();
                }
            }
            catch (SocketException)
            {
            }
        }) { IsBackground = true }.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var script = $"if nc -w 1 127.0.0.1 {port} </dev/null; then printf yes > $out; else printf no > $out; fi";
        using var world = new BuildWorld(isSandboxed: true);
        var isolated = world.Build(new Recipe(script));
        Assert.Equal("no", world.Read(isolated.Outputs["out"]));
        Assert.Null(world.Build(new Recipe(script) { Way = BuilderTests.Fixed(Hash.Sha256("yes"u8)) }).Failure?.Message);
    }

    [Fact]
    public void Set_uid_bits_and_extended_attributes_are_refused()
    {
        var lines = Run("touch x; chmod 4755 x 2>&1; chmod 2755 x 2>&1; chmod 755 x && echo plain");
        Assert.Equal(["chmod: x: Operation not permitted", "chmod: x: Operation not permitted", "plain"], lines);
    }

    [Fact]
    public void What_a_builder_leaves_running_dies_with_it()
    {
        using var world = new BuildWorld(isSandboxed: true);
        var mark = $"77{Random.Shared.Next(10000, 99999)}";
        Assert.Null(world.Build(new Recipe($"sleep {mark} & trap '' TERM HUP; echo > $out")).Failure?.Message);
        Assert.DoesNotContain(Processes(), c => c.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public void A_builder_that_ignores_signals_is_killed_with_all_its_children()
    {
        using var world = new BuildWorld(isSandboxed: true);
        world.Settings = world.Settings with { Timeout = TimeSpan.FromSeconds(1) };
        var mark = $"88{Random.Shared.Next(10000, 99999)}";
        var result = world.Build(new Recipe($"trap '' TERM HUP INT; (trap '' TERM; sleep {mark}) & sleep {mark}"));
        Assert.Equal(BuildStatus.TimedOut, result.Status);
        Assert.DoesNotContain(Processes(), c => c.Contains(mark, StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(world.Store.Layout.RealStoreDirectory, "*.chroot"));
    }

    [Fact]
    public void Nothing_is_left_of_the_sandbox_after_a_build()
    {
        using var world = new BuildWorld(isSandboxed: true);
        world.Build(new Recipe("exit 1"));
        world.Build(new Recipe("echo > $out"));
        Assert.Empty(Directory.GetDirectories(world.Store.Layout.RealStoreDirectory, "*.chroot"));
        Assert.Empty(Directory.GetFileSystemEntries($"{world.Store.Layout.StateDirectory}/builds"));
    }

    [Fact]
    public void A_link_as_output_is_taken_as_a_link_and_nothing_behind_it_changes()
    {
        using var world = new BuildWorld(isSandboxed: true);
        using var outside = new TemporaryFolder();
        File.WriteAllText($"{outside.Path}/secret", "secret");
        File.SetUnixFileMode($"{outside.Path}/secret", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // CVE-2026-39860: a link in the place of an output made root write through it.
        var fixedOutput = world.Build(new Recipe($"ln -s {outside.Path}/secret $out")
        {
            Way = BuilderTests.Fixed(Hash.Zero(HashAlgorithm.Sha256), Firn.Model.ContentAddresses.ContentAddressMethod.NixArchive),
        });
        Assert.Equal(BuildStatus.HashMismatch, fixedOutput.Status);
        var plain = world.Build(new Recipe($"ln -s {outside.Path}/secret $out"));
        Assert.Equal($"{outside.Path}/secret", new FileInfo(world.Store.Layout.RealPath(plain.Outputs["out"])).LinkTarget);
        Assert.Equal("secret", File.ReadAllText($"{outside.Path}/secret"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{outside.Path}/secret"));
    }

    [Fact]
    public void The_builder_cannot_reach_the_host_by_abstract_sockets()
    {
        // CVE-2024-27297: fixed-output builds handed out descriptors of their outputs.
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var name = $"firn-test-{Guid.NewGuid():n}";
        listener.Bind(new UnixDomainSocketEndPoint("\0" + name));
        listener.Listen();
        var script = $"if socat -u OPEN:/dev/null ABSTRACT-CONNECT:{name} 2>/dev/null; then printf yes > $out; else printf no > $out; fi";
        Assert.SkipUnless(File.Exists("/usr/bin/socat"), "needs socat");
        using var world = new BuildWorld(isSandboxed: true);
        world.Sandbox = world.Sandbox with { SandboxPaths = ["/bin/sh=/usr/bin/busybox", "/usr", "/lib", "/lib64"] };
        Assert.Null(world.Build(new Recipe(script) { Way = BuilderTests.Fixed(Hash.Sha256("no"u8)) }).Failure?.Message);
    }

    [Fact]
    public void A_missing_builder_is_the_builders_failure_and_a_missing_path_the_sandboxs()
    {
        using var world = new BuildWorld(isSandboxed: true);
        var result = world.Build(new Recipe("") { Builder = "/no/such/builder" });
        Assert.Equal(BuildStatus.PermanentFailure, result.Status);
        Assert.Contains("No such file or directory", result.Failure!.Message, StringComparison.Ordinal);
        world.Sandbox = world.Sandbox with { SandboxPaths = ["/nowhere"] };
        Assert.Contains("'/nowhere'", world.Build(new Recipe("echo > $out")).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_the_sandbox_is_an_error_where_it_is_required()
    {
        using var world = new BuildWorld(isSandboxed: true);
        var result = world.Build(new Recipe("") { Variables = { ["__noChroot"] = "1" } });
        Assert.EndsWith("has '__noChroot' set, but that's not allowed when 'sandbox' is 'true'", result.Failure!.Message, StringComparison.Ordinal);
    }

    private static string At(string file, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, file);

    private static string[] Run(string script)
    {
        using var world = new BuildWorld(isSandboxed: true);
        var result = world.Build(new Recipe($"{{ {script}; }} > /tmp/result; cp /tmp/result $out"));
        Assert.Null(result.Failure?.Message);
        return world.Read(result.Outputs["out"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<string> Processes() => Directory.GetDirectories("/proc").Select(d =>
    {
        try
        {
            return File.ReadAllText($"{d}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    });
}
