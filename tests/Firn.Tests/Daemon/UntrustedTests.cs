using System.Text;
using Firn.Archive.Nars;
using Firn.Building.Planning;
using Firn.Daemon;
using Firn.Daemon.Server;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;
using Firn.Store;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Tests.Building;

namespace Firn.Tests.Daemon;

/// <summary>What a client that nobody trusts must not be able to do; each of these would make it root.</summary>
public sealed class UntrustedTests : IDisposable
{
    private readonly DaemonWorld _world = new(isTrusted: false);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void It_is_told_that_it_is_not_trusted() => Assert.False(_world.Client.TrustsUs);

    [Fact]
    public void An_object_without_signature_is_refused_even_if_it_asks_not_to_check()
    {
        var content = "#!/bin/sh\n"u8.ToArray();
        var (info, nar) = Unsigned(content);

        var error = Assert.Throws<RemoteException>(() => _world.Client.Add(info, new MemoryStream(nar), new NarImport(Repair: false, ChecksSignatures: false)));
        Assert.Contains("lacks a signature by a trusted key", error.Message);
        error = Assert.Throws<RemoteException>(() => _world.Client.AddMany([(info, output => output.Write(nar))], new NarImport(Repair: false, ChecksSignatures: false)));
        Assert.Contains("lacks a signature by a trusted key", error.Message);
        Assert.False(_world.World.Store.IsValid(info.Path));
    }

    [Fact]
    public void That_an_object_was_built_here_is_not_believed()
    {
        var text = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        var info = _world.World.Store.Find(text)!;
        using var nar = new MemoryStream();
        _world.World.Store.WriteNar(text, nar);
        _world.World.Store.Invalidate(text);
        nar.Position = 0;
        _world.Client.Add(info with { IsUltimate = true }, nar, new NarImport(Repair: false, ChecksSignatures: true));

        Assert.False(_world.World.Store.Find(text)!.IsUltimate);
    }

    [Fact]
    public void It_may_not_repair()
    {
        var path = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        Refused(() => _world.Builds.Repair(path, CancellationToken.None));
        Refused(() => _world.Client.Verify(checksContents: true, repairs: true, CancellationToken.None));
        Refused(() => _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: true));
        var (info, nar) = Unsigned("x"u8.ToArray());
        Refused(() => _world.Client.Add(info, new MemoryStream(nar), new NarImport(Repair: true, ChecksSignatures: true)));
    }

    [Fact]
    public void An_input_addressed_derivation_must_be_in_the_store_before_it_is_built()
    {
        var derivation = new Recipe("echo evil > $out").ToDerivation(_world.World);
        var result = Assert.Throws<RemoteException>(() => _world.Builds.BuildDerivation(
            DerivationPaths.Of(derivation, _world.World.Directory), derivation, BuildMode.Normal, CancellationToken.None));
        Assert.Contains("not privileged to build input-addressed derivations", result.Message);
    }

    [Fact]
    public void A_derivation_cannot_claim_the_output_of_another()
    {
        var honest = new Recipe("echo good > $out").ToDerivation(_world.World);
        var evil = honest with { Arguments = [.. honest.Arguments.Take(1), Firn.Model.Text.ByteString.Of("echo evil > $out")] };
        var text = DerivationAterm.Write(evil, _world.World.Directory);

        Assert.Throws<RemoteException>(() => _world.Client.AddDerivation(evil, _world.World.Directory));
        Assert.Throws<RemoteException>(() => _world.Client.AddText("thing.drv", text, [], repair: false));
        var file = $"{_world.World.Folder}/evil";
        File.WriteAllBytes(file, text);
        Assert.Throws<RemoteException>(() => _world.Client.AddFromDisk("thing.drv", file, new ContentOptions { Method = ContentAddressMethod.Text }));
        Assert.Empty(_world.Client.ListAll());
    }

    [Fact]
    public void Content_that_is_not_what_its_address_says_is_refused()
    {
        var text = _world.World.Directory.MakeContentAddressed("thing", new ContentAddress(ContentAddressMethod.Text, Hash.Sha256("good"u8)), []);
        var (info, nar) = Unsigned("evil"u8.ToArray());
        Assert.Throws<RemoteException>(() => _world.Client.Add(
            info with { Path = text, ContentAddress = new ContentAddress(ContentAddressMethod.Text, Hash.Sha256("good"u8)) },
            new MemoryStream(nar), new NarImport(Repair: false, ChecksSignatures: true)));
        Assert.False(_world.World.Store.IsValid(text));
    }

    [Fact]
    public void What_an_output_is_takes_a_signature()
    {
        var path = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        Refused(() => _world.Client.Register(new Realisation(new DrvOutput(Hash.Sha256("x"u8), "out"), path)));
    }

    [Fact]
    public void Logs_permanent_roots_and_living_objects_are_not_its_own()
    {
        var path = _world.Client.AddText("thing.drv.txt", "content"u8.ToArray(), [], repair: false);
        Refused(() => _world.Client.AddLog(path, new MemoryStream("lies"u8.ToArray())));
        Refused(() => _world.Client.AddPermanentRoot(path, $"{_world.World.Folder}/root"));
        Refused(() => _world.Client.CollectGarbage(new GcAction.DeleteSpecific([path], IgnoresLiveness: true), CancellationToken.None));
        Assert.True(_world.Client.IsValid(path));
    }

    [Fact]
    public void What_processes_of_others_use_is_not_told()
    {
        _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        Assert.All(_world.Client.ListRoots(), r => Assert.False(r.Link.StartsWith("/proc/", StringComparison.Ordinal) || r.Link.StartsWith("{temp", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_its_wishes_only_harmless_ones_are_followed()
    {
        var options = new ClientOptions
        {
            MaxJobs = 3,
            Settings =
            [
                new("sandbox", "false"), new("post-build-hook", "/tmp/evil"), new("builders", "ssh://evil"), new("timeout", "7"), new("require-sigs", "false"),
                new("substituters", "https://cache.example.org https://evil.example.org"), new("store", "/evil"), new("no-such-thing", "x"), new("trusted-users", "*"),
            ],
        };
        var known = new SubstituterSettings { Substituters = ["https://cache.example.org/"] };

        var (untrusted, warnings) = ClientSettingsPlanner.Plan(options, isTrusted: false, known, new HashSet<string>());
        Assert.Equal(["timeout", "substituters"], untrusted.Select(a => a.Name).Skip(7));
        Assert.Equal("https://cache.example.org", untrusted[^1].Value);
        Assert.Contains(warnings, w => w.Contains("untrusted substituter 'https://evil.example.org'", StringComparison.Ordinal));
        Assert.Equal(5, warnings.Count(w => w.Contains("restricted setting", StringComparison.Ordinal)));

        var (trusted, _) = ClientSettingsPlanner.Plan(options, isTrusted: true, known, new HashSet<string>());
        Assert.Contains(trusted, a => a is { Name: "sandbox", Value: "false" });
        Assert.DoesNotContain(trusted, a => a.Name is "store" or "no-such-thing");
    }

    [Theory]
    [InlineData("root", 0u, true)]
    [InlineData("alice", 100u, true)]
    [InlineData("bob", 200u, false)]
    [InlineData("carol", 300u, null)]
    [InlineData("builder1", 400u, null)]
    [InlineData("dora", 201u, false)]
    public void Users_are_let_in_as_the_settings_say(string user, uint group, bool? expected)
    {
        var groups = new Dictionary<string, (uint, IReadOnlyCollection<string>)> { ["wheel"] = (100, []), ["users"] = (200, ["dora"]), ["nixbld"] = (400, []) };
        var admission = new Admission(
            ["root", "@wheel"], ["@users", "builder1"], "nixbld", name => groups.TryGetValue(name, out var found) ? found : null);
        Assert.Equal(expected, admission.Decide(user, group));
    }

    private static void Refused(Action action) => Assert.ThrowsAny<DaemonException>(action);

    private (PathInfo Info, byte[] Nar) Unsigned(byte[] content)
    {
        using var nar = new MemoryStream();
        var writer = new NarWriter(nar);
        writer.BeginFile(isExecutable: true, content.Length);
        writer.Write(content);
        writer.EndFile();
        writer.Finish();
        return (new PathInfo
        {
            Path = StorePath.Parse(new string('b', 32) + "-evil"),
            NarHash = Hash.Sha256(nar.ToArray()),
            NarSize = nar.Length,
            Signatures = ["unknown:" + Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', 64)))],
            IsUltimate = true,
        }, nar.ToArray());
    }
}
