using Firn.Building;
using Firn.Building.Logs;
using Firn.Building.Remote;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Sandbox;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Local;

namespace Firn.Tests.Building.Remote;

/// <summary>Builds on machines that are there, and on machines that go away.</summary>
public sealed class RemoteBuildTests : IDisposable
{
    private readonly BuildWorld _here = new(isSandboxed: true);
    private readonly BuildWorld _there = new(isSandboxed: true);
    private readonly Dictionary<string, Exception> _broken = [];

    public RemoteBuildTests() => _here.Settings = _here.Settings with { MaxJobs = 0 };

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public void Inputs_go_there_and_outputs_come_back()
    {
        Use("there");
        var input = _here.Store.AddText("input", "from here"u8.ToArray(), [], repair: false);
        var result = _here.Build(new Recipe($"echo printed; read -r x < {_here.Directory.Absolute(input)} || true; echo \"got $x\" > $out") { Sources = [input] });

        Assert.Equal(BuildStatus.Built, result.Status);
        Assert.Equal("got from here\n", _here.Read(result.Outputs["out"]));
        Assert.True(_there.Store.IsValid(input));
        Assert.True(_there.Store.HasGoodContent(result.Outputs["out"]));
        Assert.False(_here.Store.Find(result.Outputs["out"])!.IsUltimate);
        Assert.Contains("printed", _here.Log.Lines);
        Assert.Contains(_here.Log.Messages, m => m.Text.EndsWith(" on 'ssh://there'", StringComparison.Ordinal));
    }

    [Fact]
    public void When_a_machine_is_not_there_the_next_one_builds()
    {
        _broken["ssh://gone"] = new IOException("no route");
        Use("gone - - 1 100; there");
        var result = _here.Build(new Recipe("echo hi > $out"));

        Assert.Equal(BuildStatus.Built, result.Status);
        Assert.Contains(_here.Log.Messages, m => m.Text.Contains("cannot build on 'ssh://gone': no route", StringComparison.Ordinal));
    }

    [Fact]
    public void When_a_machine_vanishes_while_it_builds_the_next_one_builds()
    {
        _broken["ssh://vanishes"] = new EndOfStreamException("it hung up");
        Use("vanishes - - 1 100; there", breaksWhileBuilding: true);
        var result = _here.Build(new Recipe("echo hi > $out"));

        Assert.Equal(BuildStatus.Built, result.Status);
        Assert.Contains(_here.Log.Messages, m => m.Text.Contains("it hung up", StringComparison.Ordinal));
    }

    [Fact]
    public void When_all_are_gone_it_is_built_here_if_that_is_possible()
    {
        _broken["ssh://gone"] = new IOException("no route");
        _here.Settings = _here.Settings with { MaxJobs = 1 };
        Use("gone");
        Assert.Equal(BuildStatus.Built, _here.Build(new Recipe("echo hi > $out")).Status);

        _here.Settings = _here.Settings with { MaxJobs = 0 };
        Use("gone");
        var result = _here.Build(new Recipe("echo other > $out"));
        Assert.Equal(BuildStatus.InputRejected, result.Status);
        Assert.Contains("local builds are disabled", result.Failure!.Message);
    }

    [Fact]
    public void What_fails_there_has_failed()
    {
        Use("there");
        var result = _here.Build(new Recipe("echo oh no; exit 7"));
        Assert.Equal(BuildStatus.PermanentFailure, result.Status);
        Assert.Contains("on 'ssh://there' failed", result.Failure!.Message);
        Assert.Contains("exit code 7", result.Failure!.Message);
    }

    [Fact]
    public void No_machine_gets_what_it_does_not_offer()
    {
        Use("there - - 1 1 kvm");
        var result = _here.Build(new Recipe("echo hi > $out") { Variables = new() { ["requiredSystemFeatures"] = "other" } });
        Assert.Equal(BuildStatus.InputRejected, result.Status);
        Assert.Contains(_here.Log.Messages, m => m.Text.StartsWith("Failed to find a machine for remote build!", StringComparison.Ordinal));
    }

    private void Use(string machines, bool breaksWhileBuilding = false) => _here.BuilderOptions = _here.BuilderOptions with
    {
        Remote = new RemoteBuilds(
            Parts(_here.Store), MachineText.Parse(machines, "x86_64-linux", _ => null), new Stores(this, breaksWhileBuilding),
            new MachineSlots($"{_here.Folder}/current-load"), _here.Settings, _here.Log,
            path => LogFile.Open(_here.Store.Layout, path, _here.Settings)),
    };

    private static StoreParts Parts(LocalStore store) => new("here", store.Directory)
    {
        Infos = store,
        Referrers = store,
        Outputs = store,
        Nars = store,
        NarSink = store,
    };

    private sealed class Stores(RemoteBuildTests tests, bool breaksWhileBuilding) : IMachineStores
    {
        public MachineStore Open(Machine machine, IActivityLog log, Action<string> onOutput)
        {
            var isBroken = tests._broken.TryGetValue(machine.Uri, out var error);
            if (isBroken && !breaksWhileBuilding)
            {
                throw error!;
            }

            var there = tests._there;
            IBuilds builds = isBroken ? new Broken(error!) : new Builder(
                there.Store, new DerivationSources(there.Store, null), [], there.Settings, there.BuilderOptions,
                new BuildChambers(there.Sandbox, there.BuilderOptions.Environment), log, TimeProvider.System);
            var parts = new StoreParts(machine.Uri, there.Directory) { Infos = there.Store, Nars = there.Store, NarSink = there.Store, Builds = builds };
            return new MachineStore(parts, (paths, _) => paths.Where(there.Store.IsValid).ToHashSet(), new MemoryStream());
        }

        public bool IsGone(Exception error) => error is IOException;
    }

    private sealed class Broken(Exception error) : IBuilds
    {
        public BuildPlan Plan(IEnumerable<Firn.Model.Derivations.DerivedPath> wanted) => throw error;

        public BuildResults Build(IReadOnlyList<Firn.Model.Derivations.DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) => throw error;

        public BuildResult BuildDerivation(
            Firn.Model.StorePaths.StorePath path, Firn.Model.Derivations.Derivation derivation, BuildMode mode, CancellationToken cancellation) => throw error;

        public void Ensure(Firn.Model.StorePaths.StorePath path, CancellationToken cancellation) => throw error;

        public void Repair(Firn.Model.StorePaths.StorePath path, CancellationToken cancellation) => throw error;
    }
}
