using System.Text;
using CsCheck;
using Hash = Firn.Model.Hashing.Hash;
using Firn.Building;
using Firn.Building.Options;
using Firn.Building.Outputs;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store.References;

namespace Firn.Tests.Building;

/// <summary>References, rewriting and what outputs may refer to.</summary>
public sealed class OutputTests
{
    private static readonly StorePath[] _paths = [.. Enumerable.Range(0, 5).Select(i => StorePath.Of(Hash.Sha256([(byte)i]).Fold(20), $"p{i}"))];

    [Fact]
    public void References_are_found_wherever_writes_are_cut()
    {
        Gen.Select(Gen.Int[0, 4].Array[0, 6], Gen.Int[1, 40].Array[1, 30], Gen.String[Gen.Char["0123abcz-/ e"], 0, 50]).Sample((wanted, cuts, filler) =>
        {
            var text = Encoding.UTF8.GetBytes(filler + string.Concat(wanted.Select(w => $"{filler}{_paths[w].Digest}{filler}")));
            using var scanner = new ReferenceScanner(_paths);
            var rest = text.AsSpan();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var count = Math.Min(rest.Length, cuts[i % cuts.Length]);
                scanner.Write(rest[..count]);
                rest = rest[count..];
            }

            Assert.Equal(wanted.Distinct().Select(w => _paths[w]).Order(), scanner.Found);
        });
    }

    [Fact]
    public void Digests_are_replaced_wherever_writes_are_cut()
    {
        var rewrites = new Rewrites();
        rewrites.Set(_paths[0].Digest, _paths[1].Digest);
        rewrites.Set(_paths[2].Digest, _paths[3].Digest);
        Gen.Select(Gen.Int[0, 4].Array[0, 6], Gen.Int[1, 70].Array[1, 30]).Sample((used, cuts) =>
        {
            var text = string.Concat(used.Select(u => $"<{_paths[u].Digest}>"));
            using var output = new MemoryStream();
            using var stream = new DigestRewriter(
                new Dictionary<string, string> { [_paths[0].Digest] = _paths[1].Digest, [_paths[2].Digest] = _paths[3].Digest }, output);
            var rest = Encoding.ASCII.GetBytes(text).AsSpan();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var count = Math.Min(rest.Length, cuts[i % cuts.Length]);
                stream.Write(rest[..count]);
                rest = rest[count..];
            }

            stream.Finish();
            Assert.Equal(rewrites.Apply(text), Encoding.ASCII.GetString(output.ToArray()));
        });
    }

    [Theory]
    [InlineData("allowedReferences", "", "is not allowed to refer to the following paths:")]
    [InlineData("allowedReferences", "out", "is not allowed to refer to the following paths:")]
    [InlineData("allowedReferences", "P1", null)]
    [InlineData("allowedRequisites", "P1", "p2")]
    [InlineData("allowedRequisites", "P1 P2", null)]
    [InlineData("disallowedReferences", "P2", null)]
    [InlineData("disallowedReferences", "P1", "p1")]
    [InlineData("disallowedRequisites", "P2", "p2")]
    [InlineData("disallowedRequisites", "nope", "contains output name 'nope', but this is not a valid output of this derivation. (Valid outputs are [out].)")]
    public void Demands_on_references_are_held(string attribute, string value, string? problem)
    {
        var directory = StoreDirectory.Default;
        var derivation = new Derivation
        {
            Name = "p0",
            Outputs = [new("out", new DerivationOutput.InputAddressed(_paths[0]))],
            Platform = ByteString.Empty,
            Builder = ByteString.Empty,
            Environment = [new(ByteString.Of(attribute), ByteString.Of(value.Replace("P1", directory.Absolute(_paths[1])).Replace("P2", directory.Absolute(_paths[2]))))],
        };
        var checker = new OutputChecker(directory, _paths[4], derivation, path => Info(path, path.Equals(_paths[1]) ? [_paths[2]] : []));
        void Check() => checker.Check(
            DerivationOptions.Read(derivation, directory, isResolved: true),
            new Dictionary<string, PathInfo> { ["out"] = Info(_paths[0], [_paths[1]]) });
        if (problem is null)
        {
            Check();
            return;
        }

        Assert.Contains(problem, Assert.Throws<BuildException>(Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_held_for_each_output()
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe(". $NIX_ATTRS_SH_FILE; /bin/mkdir ${outputs[out]}")
        {
            Variables =
            {
                ["__json"] = """{"outputChecks":{"out":{"maxSize":1}},"name":"thing"}""",
            },
            Builder = "/bin/bash",
        });
        Assert.Contains("is too large at 96 bytes; limit is 1 bytes", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_named_by_its_content_may_name_itself_and_others()
    {
        using var world = Floating();
        var way = new DerivationOutput.FloatingContent(ContentAddressMethod.NixArchive, HashAlgorithm.Sha256);
        var input = world.Add(new Recipe("echo input > $out") { Name = "input", Way = way });
        var derivation = world.Add(new Recipe("mkdir $out; echo $out $input > $out/self")
        {
            Way = way,
            Inputs = [input],
            Variables = { ["input"] = Placeholder.OfInput(input, "out").ToString() },
        });
        var result = world.Build(derivation);
        Assert.Null(result.Failure?.Message);
        var path = result.Outputs["out"];
        var info = world.Store.Find(path)!;
        Assert.Equal(2, info.References.Length);
        Assert.Contains(path, info.References);
        var text = world.Read(path, "/self").Split(' ', '\n');
        Assert.Equal(world.Directory.Absolute(path), text[0]);
        Assert.Equal("input\n", File.ReadAllText(text[1]));
        Assert.Equal(info.ContentAddress, ContentAddress.Parse(info.ContentAddress!.ToString()));
        Assert.Equal(BuildStatus.AlreadyValid, world.Build(derivation).Status);
        Assert.Equal(path, new RealisedOutputs(world.Store, new DerivationSources(world.Store, null)).FindOutputs(derivation)["out"]);
    }

    [Fact]
    public void Without_the_feature_outputs_named_by_their_content_are_refused()
    {
        using var world = new BuildWorld();
        var result = world.Build(new Recipe("echo > $out") { Way = new DerivationOutput.FloatingContent(ContentAddressMethod.NixArchive, HashAlgorithm.Sha256) });
        Assert.Contains("experimental Nix feature 'ca-derivations' is disabled", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impure_derivation_is_built_each_time()
    {
        using var world = Floating();
        world.BuilderOptions = world.BuilderOptions with { AllowsImpure = true };
        var derivation = world.Add(new Recipe("cat /proc/sys/kernel/random/uuid > $out")
        {
            Way = new DerivationOutput.Impure(ContentAddressMethod.NixArchive, HashAlgorithm.Sha256),
        });
        Assert.NotEqual(world.Build(derivation).Outputs["out"], world.Build(derivation).Outputs["out"]);
    }

    private static BuildWorld Floating()
    {
        var world = new BuildWorld();
        world.BuilderOptions = world.BuilderOptions with { AllowsContentAddressing = true };
        return world;
    }

    private static PathInfo Info(StorePath path, StorePath[] references) =>
        new() { Path = path, NarHash = Hash.Zero(HashAlgorithm.Sha256), NarSize = 100, References = [.. references] };
}
