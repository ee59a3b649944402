using Firn.Evaluation.Host;
using Firn.Model.StorePaths;

namespace Firn.Tests.Evaluation.Builtins;

/// <summary>Flakes get their inputs and themselves, and no more is evaluated or fetched than is needed.</summary>
public sealed class FlakesTests
{
    private const string Top = "/nix/store/00000000000000000000000000000000-source";
    private const string Other = "/nix/store/11111111111111111111111111111111-source";

    [Theory]
    [InlineData("f.x", "3")]
    [InlineData("f.outputs.x", "3")]
    [InlineData("f.inputs.other.y", "1")]
    [InlineData("f.rev", "\"abc\"")]
    [InlineData("f._type", "\"flake\"")]
    [InlineData("f.outPath == f.sourceInfo.outPath", "true")]
    [InlineData("f.inputs.plain ? _type", "false")]
    [InlineData("f.inputs.plain.outPath == f.inputs.other.outPath + \"/data\"", "true")]
    [InlineData("f.inputs.inside.z", "\"inside\"")]
    [InlineData("f.inputs.inside.outPath == f.outPath + \"/sub\"", "true")]
    [InlineData("builtins.attrNames f.inputs", "[ \"inside\" \"lazy\" \"other\" \"plain\" ]")]
    public void A_flake_is_its_outputs_with_what_is_known_about_it(string expression, string expected) =>
        Assert.Equal(expected, Evaluations.Value($"let f = builtins.getFlake \"top\"; in {expression}", Host()));

    [Fact]
    public void Outputs_that_are_no_function_are_told() => Assert.Contains(
        "the outputs of flake", Evaluations.Failure("builtins.getFlake \"top\"", Host("{ outputs = { }; }")).Message, StringComparison.Ordinal);

    private static MemoryHost Host(string? top = null) => new MemoryHost { Flakes = new OneFlake() }
        .With(Top + "/flake.nix", top ?? "{ outputs = { self, other, plain, inside, lazy }: { x = other.y + 2; rev = \"own\"; }; }")
        .With(Top + "/sub/flake.nix", "{ outputs = { self }: { z = baseNameOf (dirOf (self.outPath + \"/inside/x\")); }; }")
        .With(Other + "/flake.nix", "{ outputs = { self }: { y = 1; }; }");

    private sealed class OneFlake : IFlakes
    {
        public IReadOnlyDictionary<string, object> Parse(string text) => throw new NotSupportedException();

        public string Print(IReadOnlyDictionary<string, object> attributes) => throw new NotSupportedException();

        public FlakeGraph Lock(string reference)
        {
            FlakeTree Here(string path) => new FlakeTree.Here(new FetchedTree(StoreDirectory.Default.Parse(path), new Dictionary<string, object> { ["rev"] = "abc" }));
            return new FlakeGraph(
            [
                new FlakeNode(Here(Top), "", IsFlake: true, [("other", 1), ("plain", 2), ("inside", 3), ("lazy", 4)]),
                new FlakeNode(Here(Other), "", IsFlake: true, []),
                new FlakeNode(Here(Other), "data", IsFlake: false, []),
                new FlakeNode(new FlakeTree.SameAs(0), "sub", IsFlake: true, []),
                new FlakeNode(new FlakeTree.ToFetch(new Dictionary<string, object> { ["type"] = "never" }), "", IsFlake: true, []),
            ]);
        }

        public StorePath FetchTree(string reference) => throw new NotSupportedException();

        public (string Message, string Hint)? FindMissing(string file) => null;

        public string? FindOrigin(string file) => null;
    }
}
