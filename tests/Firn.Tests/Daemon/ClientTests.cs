using System.Text;
using Firn.Daemon;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Store.Closures;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Tests.Building;

namespace Firn.Tests.Daemon;

/// <summary>A client and a server of ours: what is asked for on one side is done on the other.</summary>
public sealed class ClientTests : IDisposable
{
    private readonly DaemonWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Both_sides_agree_on_what_they_are()
    {
        Assert.Equal("2.34.8", _world.Client.Version);
        Assert.True(_world.Client.TrustsUs);
        Assert.NotEmpty(_world.Wishes);
    }

    [Fact]
    public void A_text_that_is_added_comes_back_with_what_it_refers_to()
    {
        var low = _world.Client.AddText("low", "low"u8.ToArray(), [], repair: false);
        var high = _world.Client.AddText("high", Encoding.UTF8.GetBytes(_world.World.Directory.Absolute(low)), [low], repair: false);

        Assert.True(_world.Client.IsValid(high));
        Assert.Equal([low], _world.Client.Find(high)!.References);
        var (there, here) = (_world.World.Store.Find(high)!, _world.Client.Find(high)!);
        Assert.Equal(
            (there.NarHash, there.NarSize, there.ContentAddress, there.RegistrationTime, there.IsUltimate),
            (here.NarHash, here.NarSize, here.ContentAddress, here.RegistrationTime, here.IsUltimate));
        Assert.Equal([high], _world.Client.FindReferrers(low));
        Assert.Equal(low, _world.Client.FindByDigest(low.Digest));
        Assert.Equal(new[] { low, high }.Order(), _world.Client.ListAll());
        Assert.Null(_world.Client.Find(Firn.Model.StorePaths.StorePath.Parse(new string('a', 32) + "-nothing")));
    }

    [Theory]
    [InlineData(ContentAddressMethod.NixArchive)]
    [InlineData(ContentAddressMethod.Flat)]
    [InlineData(ContentAddressMethod.Text)]
    public void A_file_of_any_size_gets_the_path_that_the_store_itself_gives_it(ContentAddressMethod method)
    {
        var file = $"{_world.World.Folder}/large";
        foreach (var size in (int[])[0, 10, 3 * 1024 * 1024])
        {
            File.WriteAllBytes(file, new byte[size]);
            var options = new ContentOptions { Method = method };
            var added = _world.Client.AddFromDisk("large", file, options);

            Assert.Equal(_world.World.Store.AddFromDisk("large", file, options), added);
        }
    }

    [Fact]
    public void An_archive_goes_there_and_back()
    {
        using var other = new BuildWorld();
        var path = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        var info = _world.Client.Find(path)!;
        using var nar = new MemoryStream();
        _world.Client.WriteNar(path, nar);
        _world.Client.CollectGarbage(new GcAction.ListDead(), CancellationToken.None);

        Assert.Equal(info.NarSize, nar.Length);
        Assert.Equal(info.NarHash, Hash.Sha256(nar.ToArray()));
    }

    [Fact]
    public void Many_objects_go_in_one_request()
    {
        using var other = new BuildWorld();
        var paths = Enumerable.Range(0, 40).Select(i => other.Store.AddText($"text-{i}", Encoding.UTF8.GetBytes($"{i}"), [], repair: false)).ToList();
        var objects = paths.Select(p =>
        {
            using var nar = new MemoryStream();
            other.Store.WriteNar(p, nar);
            // Renamed for the other store, whose folder is another.
            var address = new ContentAddress(ContentAddressMethod.Text, other.Store.Find(p)!.ContentAddress!.Hash);
            var there = _world.World.Directory.MakeContentAddressed(p.Name, address, []);
            return (other.Store.Find(p)! with { Path = there }, (Action<Stream>)(output => output.Write(nar.ToArray())));
        }).ToList();
        _world.Client.AddMany(objects, new NarImport(Repair: false, ChecksSignatures: true));

        Assert.All(objects, o => Assert.True(_world.World.Store.HasGoodContent(o.Item1.Path)));
    }

    [Fact]
    public void Derivations_are_written_and_read_and_tell_their_outputs()
    {
        var derivation = new Recipe("echo hi > $out").ToDerivation(_world.World);
        var path = _world.Client.AddDerivation(derivation, _world.World.Directory);

        Assert.Equal(path, _world.World.Store.AddDerivation(derivation, _world.World.Directory));
        Assert.Equal(derivation.Environment.AsEnumerable(), _world.Client.Read(path).Environment);
        var output = Assert.Single(_world.Client.FindOutputs(path)).Value!;
        Assert.Equal([path], _world.Client.FindDerivers(output));
    }

    [Fact]
    public void A_build_tells_what_its_builder_prints_and_what_it_made()
    {
        var path = _world.Client.AddDerivation(new Recipe("echo from the builder; echo hi > $out").ToDerivation(_world.World), _world.World.Directory);
        var wanted = DerivedPath.Of(path, OutputsSpec.All.Instance);
        Assert.Equal([path], _world.Builds.Plan([wanted]).WillBuild);

        var result = Assert.Single(_world.Builds.Build([wanted], BuildMode.Normal, CancellationToken.None).Items).Result;

        Assert.Equal(BuildStatus.Built, result.Status);
        Assert.Contains("from the builder", _world.Log.Lines);
        Assert.Equal("hi\n", _world.World.Read(result.Outputs["out"]));
        Assert.Equal(_world.Client.FindOutputs(path)["out"], result.Outputs["out"]);
    }

    [Fact]
    public void After_a_failure_the_connection_is_good_for_more()
    {
        var path = _world.Client.AddDerivation(new Recipe("echo oh; exit 3").ToDerivation(_world.World), _world.World.Directory);
        var results = _world.Builds.Build([DerivedPath.Of(path, OutputsSpec.All.Instance)], BuildMode.Normal, CancellationToken.None);
        Assert.Equal(BuildStatus.PermanentFailure, results.Items[0].Result.Status);
        Assert.Contains("exit code 3", results.Items[0].Result.Failure!.Message);

        var missing = Firn.Model.StorePaths.StorePath.Parse(new string('a', 32) + "-nothing");
        var error = Assert.Throws<RemoteException>(() => _world.Builds.Ensure(missing, CancellationToken.None));
        Assert.Contains("nothing", error.Message);
        Assert.True(_world.Client.IsValid(path));
    }

    [Fact]
    public void A_derivation_can_come_with_the_request()
    {
        var derivation = new Recipe("echo sent > $out").ToDerivation(_world.World);
        var path = Firn.Building.Planning.DerivationPaths.Of(derivation, _world.World.Directory);
        var result = _world.Builds.BuildDerivation(path, derivation, BuildMode.Normal, CancellationToken.None);

        Assert.Null(result.Failure);
        Assert.Equal("sent\n", _world.World.Read(result.Outputs["out"]));
    }

    [Fact]
    public void Signatures_roots_and_realisations_are_kept()
    {
        var path = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        _world.Client.AddSignatures(path, ["key:c2ln"]);
        Assert.Equal(["key:c2ln"], _world.Client.Find(path)!.Signatures);

        var link = $"{_world.World.Folder}/link";
        new Firn.Daemon.Client.ClientRoots(_world.Client, _world.World.Directory).AddPermanentRoot(path, link);
        Assert.Contains(_world.Client.ListRoots(), r => r.Link == link && r.Path.Equals(path));

        var realisation = new Realisation(new DrvOutput(Hash.Sha256("x"u8), "out"), path);
        _world.Client.Register(realisation);
        Assert.Equal(path, _world.Client.Find(realisation.Id)!.OutputPath);
    }

    [Fact]
    public void Garbage_is_collected_and_what_is_asked_to_be_kept_is_kept()
    {
        var path = _world.Client.AddText("thing", "content"u8.ToArray(), [], repair: false);
        Assert.Contains(_world.World.Directory.Absolute(path), _world.Client.CollectGarbage(new GcAction.ListLive(), CancellationToken.None).Paths);
        Assert.Throws<RemoteException>(() => _world.Client.CollectGarbage(new GcAction.DeleteSpecific([path], IgnoresLiveness: true), CancellationToken.None));
        Assert.False(_world.Client.Verify(checksContents: true, repairs: false, CancellationToken.None));
        _world.Client.Optimise(CancellationToken.None);
    }

    [Fact]
    public void A_closure_is_copied_from_one_daemon_to_another_store()
    {
        var low = _world.Client.AddText("low", "low"u8.ToArray(), [], repair: false);
        var copies = Closure.Of([low], _world.Client, _world.World.Directory);

        Assert.Equal([low], copies);

        // All of it first: the daemon removes what it repairs, and here that is what is read.
        var nar = new MemoryStream();
        _world.Client.WriteNar(low, nar);
        nar.Position = 0;
        Assert.Throws<RemoteException>(() => _world.Client.Add(
            _world.Client.Get(low, _world.World.Directory) with { NarHash = Hash.Sha256("other"u8) }, nar, new NarImport(Repair: true, ChecksSignatures: false)));
        Assert.True(_world.Client.IsValid(low));
    }
}
