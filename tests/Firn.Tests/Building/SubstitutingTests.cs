using Firn.Building;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sandbox;
using Firn.Store;
using Firn.Store.PathInfos;
using Firn.Store.Substituting;

namespace Firn.Tests.Building;

public sealed class SubstitutingTests : IDisposable
{
    private readonly BuildWorld _world = new();
    private readonly StorePath _derivation;
    private readonly StorePath _output;
    private readonly PathInfo _info;
    private readonly byte[] _nar;

    public SubstitutingTests()
    {
        _derivation = _world.Add(new Recipe("echo hello > $out"));
        _output = Assert.Single(_world.Build(_derivation).Outputs.Values);
        _info = _world.Store.Get(_output, _world.Directory) with { Deriver = null };
        var nar = new MemoryStream();
        _world.Store.WriteNar(_output, nar);
        _nar = nar.ToArray();
        _world.Store.Invalidate(_output);
        Firn.Platform.Files.FileTree.Delete(_world.Store.Layout.RealPath(_output));
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_a_cache_has_is_not_built()
    {
        Assert.Equal(BuildStatus.Substituted, Build(new Cache("good", _info, _nar)).Status);
        Assert.Equal("hello\n", _world.Read(_output));
    }

    [Fact]
    public void What_is_damaged_in_one_cache_is_taken_from_the_next()
    {
        var damaged = _nar.ToArray();
        damaged[^60] ^= 1;

        Assert.Equal(BuildStatus.Substituted, Build(new Cache("bad", _info, damaged), new Cache("good", _info, _nar)).Status);
        Assert.Equal("hello\n", _world.Read(_output));
        Assert.Contains(_world.Log.Messages, m => m.Level == Verbosity.Error);
    }

    [Fact]
    public void What_only_a_damaged_cache_has_is_built_when_that_is_asked_for()
    {
        Assert.Equal(BuildStatus.TransientFailure, Build(new Cache("bad", _info, _nar[..^40])).Status);

        _world.Settings = _world.Settings with { Fallback = true };
        Assert.Equal(BuildStatus.Built, Build(new Cache("bad", _info, _nar[..^40])).Status);
    }

    [Theory]
    [InlineData("store/gone")]
    [InlineData("store/unreachable")]
    public void A_cache_that_dies_after_it_said_what_it_has_does_not_fail_a_build(string kind) =>
        Assert.Equal(BuildStatus.Built, Build(new Cache("dying", _info, _nar) { Failure = new StoreException(new ErrorCode(kind), "it is gone") }).Status);

    [Fact]
    public void A_cache_that_cannot_say_what_it_has_does_not_fail_a_build()
    {
        Assert.Equal(BuildStatus.Built, Build(new Cache("mad", null, _nar) { Failure = new InvalidFormatException("NAR info file", "x", "nonsense") }).Status);
        Assert.Contains(_world.Log.Messages, m => m.Level == Verbosity.Warning && m.Text.Contains("nonsense", StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_has_signed_is_not_taken_but_built()
    {
        Assert.Equal(BuildStatus.Built, Build(new Cache("strange", _info, _nar) { IsTrusted = false }).Status);
        Assert.Contains(_world.Log.Messages, m => m.Text.Contains("as it's not signed by any of the keys in 'trusted-public-keys'", StringComparison.Ordinal));
    }

    private BuildResult Build(params ISubstituter[] substituters)
    {
        var builder = new Builder(
            _world.Store, new DerivationSources(_world.Store, null), substituters, _world.Settings, _world.BuilderOptions with { UsesSubstitutes = true },
            new BuildChambers(_world.Sandbox, _world.BuilderOptions.Environment), _world.Log, TimeProvider.System);
        return Assert.Single(builder.Build([DerivedPath.Of(_derivation, OutputsSpec.All.Instance)], BuildMode.Normal, CancellationToken.None).Items).Result;
    }

    /// <summary>A cache with one object.</summary>
    private sealed class Cache(string uri, PathInfo? info, byte[] nar) : ISubstituter
    {
        public string Uri => uri;

        public bool IsTrusted { get; init; } = true;

        public bool WantsMassQuery => true;

        public Exception? Failure { get; init; }

        public SubstitutableObject? Find(StorePath path, ContentAddress? address) =>
            info is null ? throw Failure! : path.Equals(info.Path) ? new(info with { IsUltimate = false }, path, 0) : null;

        public void Prefetch(IReadOnlyCollection<StorePath> paths) { }

        public Realisation? FindRealisation(DrvOutput output) => null;

        public Stream? FindLog(StorePath path) => null;

        public void WriteNar(StorePath path, Stream output)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            output.Write(nar);
        }
    }
}
