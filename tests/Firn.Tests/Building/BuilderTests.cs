using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Tests.Building;

public sealed class BuilderTests
{
    [Fact]
    public void A_build_is_registered_and_not_repeated()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("echo hello > $out; echo $name"));
        var first = world.Build(derivation);
        Assert.Null(first.Failure?.Message);
        Assert.Equal(BuildStatus.Built, first.Status);
        var info = world.Store.Find(first.Outputs["out"])!;
        Assert.Equal("hello\n", world.Read(info.Path));
        Assert.Equal(derivation, info.Deriver);
        Assert.True(info.IsUltimate);
        Assert.Equal(["thing"], world.Log.Lines);
        Assert.Equal(BuildStatus.AlreadyValid, world.Build(derivation).Status);
        Assert.Empty(Directory.GetFiles(world.Store.Layout.RealStoreDirectory, "*.lock"));
        Assert.Empty(Directory.GetFileSystemEntries($"{world.Folder}/var/builds"));
    }

    [Fact]
    public void Inputs_are_built_first_and_found_as_references()
    {
        using var world = new BuildWorld();
        var input = world.Add(new Recipe("echo lib > $out") { Name = "lib" });
        var result = world.Build(new Recipe("echo $lib > $out; echo $unused") { Inputs = [input], Variables = { ["lib"] = OutPath(world, input) } });
        Assert.Null(result.Failure?.Message);
        Assert.Equal(
            [world.Directory.Parse(OutPath(world, input))], world.Store.Find(result.Outputs["out"])!.References);
    }

    [Fact]
    public void A_failed_build_ends_with_its_last_lines_and_the_command_that_shows_all()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("for i in 1 2 3 4 5 6; do echo line $i; done; exit 3"));
        world.Settings = world.Settings with { LogLines = 3 };
        var result = world.Build(derivation);
        Assert.Equal(BuildStatus.PermanentFailure, result.Status);
        var path = world.Directory.Absolute(derivation);
        Assert.Equal(
            $"Cannot build '{path}'.\nReason: builder failed with exit code 3.\nOutput paths:\n  {OutPath(world, derivation)}\n"
            + $"Last 3 log lines:\n> line 4\n> line 5\n> line 6\nFor full logs, run:\n  nix log {path}\n"
            + $"To look around in the failed build, run:\n  nix build --debug-failed '{path}^*'",
            result.Failure!.Message);
    }

    [Fact]
    public void When_an_input_fails_those_that_need_it_say_so_and_its_failure_is_told()
    {
        using var world = new BuildWorld();
        var bad = world.Add(new Recipe("exit 1") { Name = "bad" });
        var results = world.Builder.Build(
            [DerivedPath.Of(world.Add(new Recipe("echo > $out") { Inputs = [bad] }), OutputsSpec.All.Instance)], BuildMode.Normal, default);
        Assert.Equal(100, results.FailureStatus);
        Assert.Equal(BuildStatus.DependencyFailed, results.Items[0].Result.Status);
        Assert.Contains("Reason: 1 dependency failed.", results.Items[0].Result.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(world.Log.Messages, m => m.Level == Verbosity.Error && m.Text.Contains("bad.drv", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_ended_because_another_build_failed_is_neither_a_failure_nor_an_interruption()
    {
        using var world = new BuildWorld();
        var slow = world.Add(new Recipe($"echo > {world.Folder}/started; sleep 60; echo > $out") { Name = "slow" });
        var bad = world.Add(new Recipe($"while ! [ -e {world.Folder}/started ]; do sleep 0.05; done; exit 1") { Name = "bad" });
        var results = world.Builder.Build(
            [.. new[] { slow, bad }.Select(d => DerivedPath.Of(d, OutputsSpec.All.Instance))], BuildMode.Normal, default);
        Assert.Equal(BuildStatus.PermanentFailure, Assert.Single(results.Items).Result.Status);
        Assert.Equal(100, results.FailureStatus);
    }

    [Fact]
    public void Of_builds_whose_builders_are_missing_always_the_same_one_is_told()
    {
        for (var round = 0; round < 5; round++)
        {
            using var world = new BuildWorld(isSandboxed: true);
            DerivedPath Add(string name) =>
                DerivedPath.Of(world.Add(new Recipe("") { Name = name, Builder = "/usr/bin/bash" }), OutputsSpec.All.Instance);
            var (first, second) = (Add("first"), Add("second"));
            // What begins is what comes first by its name, not what was asked for first.
            Assert.Equal(first, Assert.Single(world.Builder.Build([second, first], BuildMode.Normal, default).Items).Path);
        }
    }

    [Fact]
    public void A_builder_that_is_not_in_the_sandbox_is_named()
    {
        using var world = new BuildWorld(isSandboxed: true);
        Assert.Contains(
            "executing '/usr/bin/bash': No such file or directory",
            world.Build(new Recipe("") { Builder = "/usr/bin/bash" }).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_of_the_users_builds_for_a_system_that_is_not_this_one(bool isSandboxed)
    {
        using var world = new BuildWorld(isSandboxed);
        var program = $"{world.Folder}/emulator";
        File.WriteAllText(program, """
            #!/bin/sh
            field() { sed "s|.*\"$1\":\"\([^\"]*\)\".*|\1|" "$2"; }
            real=$(field realStoreDir "$2")/$(basename "$(field out "$2")")
            echo "$1 $(field system "$2") $(field builder "$2") $(field tmpDirInSandbox "$2")" >"$real"
            [ "$PWD" = "$(field tmpDir "$2")" ] && echo here
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var recipe = new Recipe("not run") { System = "other-system" };
        Assert.Contains("Required system: 'other-system'", world.Build(recipe).Failure!.Message, StringComparison.Ordinal);

        world.Settings = world.Settings with { ExternalBuilders = $$"""[{"systems":["other-system"],"program":"{{program}}","args":["-x"]}]""" };
        var result = world.Build(recipe);
        Assert.Null(result.Failure?.Message);
        Assert.Equal("-x other-system /bin/sh /build\n", world.Read(result.Outputs["out"]));
        Assert.Equal(["here"], world.Log.Lines);

        world.Settings = world.Settings with { ExternalBuilders = "{}" };
        Assert.Throws<UsageException>(() => world.Build(new Recipe("x") { System = "other-system", Name = "y" }));
    }

    [Fact]
    public void A_failed_build_names_what_was_waiting_for_it()
    {
        using var world = new BuildWorld();
        var bad = world.Add(new Recipe("exit 1") { Name = "bad" });
        var middle = world.Add(new Recipe("echo > $out") { Name = "middle", Inputs = [bad] });
        var top = world.Add(new Recipe("echo > $out") { Name = "top", Inputs = [middle] });

        world.Build(top);

        var told = world.Log.Messages.Single(m => m.Text.Contains("builder failed with exit code 1", StringComparison.Ordinal)).Text;
        Assert.Contains(
            $"Needed by:\n         {world.Directory.Absolute(middle)}\n         {world.Directory.Absolute(top)}\n", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_shell_opens_in_the_place_of_a_failed_build_with_its_directory_and_environment(bool isSandboxed)
    {
        using var world = new BuildWorld(isSandboxed);
        // What the shell finds goes into the build directory, which is kept: the sandbox shows nothing else of this machine.
        world.Settings = world.Settings with { KeepFailed = true };
        world.BuilderOptions = world.BuilderOptions with
        {
            DebugShell = new DebugShell("{ cat trace; echo $flavour; echo $PWD; pwd; } > seen"),
        };
        world.Build(new Recipe("echo left > trace; exit 1") { Variables = { ["flavour"] = "sweet" } });

        var kept = world.Log.Messages.Single(m => m.Text.StartsWith("note: keeping build directory", StringComparison.Ordinal)).Text.Split('"')[1];
        var lines = File.ReadAllLines($"{kept}/seen");
        var directory = isSandboxed ? "/build" : kept;
        Assert.Equal(["left", "sweet", directory, directory], lines);
        Assert.Contains(world.Log.Messages, m => m.Text.StartsWith("note: a shell in the place of", StringComparison.Ordinal));
    }

    [Fact]
    public void Keep_going_builds_what_can_be_built()
    {
        using var world = new BuildWorld();
        world.Settings = world.Settings with { KeepGoing = true, MaxJobs = 1 };
        DerivedPath[] wanted =
        [
            DerivedPath.Of(world.Add(new Recipe("exit 1") { Name = "a" }), OutputsSpec.All.Instance),
            DerivedPath.Of(world.Add(new Recipe("echo > $out") { Name = "b" }), OutputsSpec.All.Instance),
        ];
        var results = world.Builder.Build(wanted, BuildMode.Normal, default);
        Assert.Equal([BuildStatus.PermanentFailure, BuildStatus.Built], results.Items.Select(i => i.Result.Status));
        world.Settings = world.Settings with { KeepGoing = false };
        var others = wanted.Select(w => w).Append(DerivedPath.Of(world.Add(new Recipe("echo > $out") { Name = "c" }), OutputsSpec.All.Instance)).ToList();
        Assert.DoesNotContain(world.Builder.Build(others, BuildMode.Normal, default).Items, i => i.Result.Status == BuildStatus.Built);
    }

    [Fact]
    public void Outputs_are_normalised_and_may_refer_to_each_other()
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe("mkdir $out; echo $dev > $out/x; chmod 640 $out/x; ln $out/x $out/y; echo > $dev; chmod +x $dev") { Outputs = ["out", "dev"] });
        Assert.Null(result.Failure?.Message);
        Assert.Equal([result.Outputs["dev"]], world.Store.Find(result.Outputs["out"])!.References);
        var file = new FileInfo($"{world.Store.Layout.RealPath(result.Outputs["out"])}/x");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, file.UnixFileMode);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1).UtcDateTime, file.LastWriteTimeUtc);
    }

    [Theory]
    [InlineData("mkdir $out; mkfifo $out/pipe", "unsupported type")]
    [InlineData("true", "failed to produce output path for output 'out'")]
    [InlineData("echo > $out; chmod 666 $out", "suspicious ownership or permission")]
    public void Outputs_that_no_store_can_hold_are_rejected(string script, string message)
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe(script));
        Assert.False(result.IsSuccess);
        Assert.Contains(message, result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_between_outputs_is_refused()
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe("echo $b > $a; echo $a > $b") { Outputs = ["a", "b"] });
        Assert.Equal(BuildStatus.OutputRejected, result.Status);
        Assert.Contains("cycle detected in build of", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_that_is_not_the_one_written_down_is_shown_with_both()
    {
        using var world = new BuildWorld();
        var wanted = Hash.Sha256("other"u8);
        var result = world.Build(new Recipe("printf content > $out") { Way = Fixed(wanted) });
        Assert.Equal(BuildStatus.HashMismatch, result.Status);
        Assert.EndsWith(
            $"\n  specified: {wanted.ToString(HashFormat.Sri)}\n     got:    {Hash.Sha256("content"u8).ToString(HashFormat.Sri)}",
            result.Failure!.Message, StringComparison.Ordinal);
        // What came is kept under its own hash, so that correcting the hash needs no second download.
        Assert.Equal(BuildStatus.AlreadyValid, world.Build(new Recipe("exit 1") { Way = Fixed(Hash.Sha256("content"u8)) }).Status);
    }

    [Fact]
    public void Checking_finds_out_what_is_not_deterministic()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("cat /proc/sys/kernel/random/uuid > $out"));
        Assert.Contains("not valid, so checking is not possible", world.Build(derivation, BuildMode.Check).Failure!.Message, StringComparison.Ordinal);
        var first = world.Build(derivation);
        var content = world.Read(first.Outputs["out"]);
        var second = world.Build(derivation, BuildMode.Check);
        Assert.Equal(BuildStatus.NotDeterministic, second.Status);
        Assert.Contains("may not be deterministic: output", second.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(content, world.Read(first.Outputs["out"]));
        world.Settings = world.Settings with { KeepFailed = true };
        Assert.EndsWith(".check\"", world.Build(derivation, BuildMode.Check).Failure!.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(world.Store.Layout.RealPath(first.Outputs["out"]) + ".check"));
    }

    [Fact]
    public void Checking_is_content_when_it_comes_out_the_same_though_it_names_itself()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("mkdir $out; echo $out > $out/self; ln -s $out/self $out/link"));
        world.Build(derivation);
        Assert.Null(world.Build(derivation, BuildMode.Check).Failure?.Message);
    }

    [Fact]
    public void Repair_makes_a_damaged_output_anew()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("echo good > $out"));
        var output = world.Build(derivation).Outputs["out"];
        var file = world.Store.Layout.RealPath(output);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, "bad");
        Assert.Equal(BuildStatus.Built, world.Build(derivation, BuildMode.Repair).Status);
        Assert.Equal("good\n", world.Read(output));
        Assert.True(world.Store.HasGoodContent(output));
    }

    [Fact]
    public void Time_limits_end_builds_with_all_their_processes()
    {
        using var world = new BuildWorld();
        world.Settings = world.Settings with { MaxSilentTime = TimeSpan.FromSeconds(1) };
        var mark = Guid.NewGuid().ToString("n");
        var results = world.Builder.Build(
            [DerivedPath.Of(world.Add(new Recipe($"trap '' TERM; /bin/sh -c 'sleep 50; : {mark}'")), OutputsSpec.All.Instance)], BuildMode.Normal, default);
        Assert.Equal(101, results.FailureStatus);
        Assert.Equal("timed out after 1 seconds", results.Items[0].Result.Failure!.Message);
        Assert.DoesNotContain(Directory.GetDirectories("/proc"), d => CommandLine(d).Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public void A_builder_that_prints_too_much_is_stopped()
    {
        using var world = new BuildWorld();
        world.Settings = world.Settings with { MaxBuildLogSize = 1000 };
        var result = world.Build(new Recipe("while :; do echo talk; done"));
        Assert.Equal(BuildStatus.LogLimitExceeded, result.Status);
        Assert.Contains("killed after writing more than 1000 bytes of log output", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_build_leaves_nothing_behind()
    {
        using var world = new BuildWorld();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        Assert.ThrowsAny<OperationCanceledException>(() => world.Build(world.Add(new Recipe("sleep 50")), BuildMode.Normal, cancellation.Token));
        Assert.Empty(Directory.GetFileSystemEntries($"{world.Folder}/var/builds"));
    }

    [Fact]
    public void What_is_for_another_machine_or_needs_more_is_rejected_with_the_reasons()
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe("") { System = "vax-linux", Variables = { ["requiredSystemFeatures"] = "warp" } });
        Assert.Equal(BuildStatus.InputRejected, result.Status);
        Assert.Contains("Reason: platform mismatch\nRequired system: 'vax-linux'\nCurrent system: 'x86_64-linux'", result.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("Required features: {warp}", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_builds_can_be_kept_for_a_look()
    {
        using var world = new BuildWorld();
        world.Settings = world.Settings with { KeepFailed = true };
        world.Build(new Recipe("echo trace > trace; exit 1"));
        var note = Assert.Single(world.Log.Messages, m => m.Text.StartsWith("note: keeping build directory", StringComparison.Ordinal)).Text;
        Assert.Equal("trace\n", File.ReadAllText(note.Split('"')[1] + "/trace"));
    }

    [Fact]
    public void Two_builders_for_one_derivation_build_it_once()
    {
        using var world = new BuildWorld();
        world.Settings = world.Settings with { BuildPollInterval = TimeSpan.FromSeconds(0.1) };
        var derivation = world.Add(new Recipe("sleep 0.5; cat /proc/sys/kernel/random/uuid > $out"));
        var statuses = new BuildStatus[2];
        Parallel.For(0, 2, i => statuses[i] = world.Build(derivation).Status);
        Assert.Equal([BuildStatus.Built, BuildStatus.AlreadyValid], statuses.Order());
    }

    [Fact]
    public void The_log_of_a_build_is_kept_compressed()
    {
        using var world = new BuildWorld();
        var derivation = world.Add(new Recipe("echo one; echo two >&2; printf three; echo > $out"));
        world.Build(derivation);
        using var file = File.OpenRead(world.Store.Layout.LogPath(derivation) + ".bz2");
        using var reader = new StreamReader(Firn.Archive.Compression.CompressedStream.OpenRead(file, Firn.Archive.Compression.CompressionMethod.Bzip2));
        Assert.Equal("one\ntwo\nthree", reader.ReadToEnd());
    }

    internal static DerivationOutput Fixed(Hash hash, ContentAddressMethod method = ContentAddressMethod.Flat) =>
        new DerivationOutput.FixedContent(new ContentAddress(method, hash));

    internal static string OutPath(BuildWorld world, StorePath derivation) =>
        world.Directory.Absolute(world.Store.FindOutputs(derivation)["out"]!);

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
