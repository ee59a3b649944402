using Firn.Building.Environments;
using Firn.Building.Options;
using Firn.Building.Outputs;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Tests.Building;

/// <summary>What builders find in their environment and in files.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void Variables_passed_as_files_are_in_files()
    {
        var environment = Make(("passAsFile", "big"), ("big", "content"), ("small", "x"));
        Assert.Equal("x", Variable(environment, "small"));
        Assert.Null(Variable(environment, "big"));
        // The digest is of the name; upstream's pass-as-file test sees the same.
        var file = $".attr-{Hash.Sha256("big"u8).Digest(HashFormat.Nix32)}";
        Assert.Equal($"/build/{file}", Variable(environment, "bigPath"));
        Assert.Equal("content", environment.Files[file].ToString());
    }

    [Fact]
    public void The_build_directory_wins_over_the_derivation_and_the_derivation_over_defaults()
    {
        var environment = Make(("TMPDIR", "/mine"), ("PATH", "/mine"), ("HOME", "/mine"));
        Assert.Equal("/build", Variable(environment, "TMPDIR"));
        Assert.Equal("/mine", Variable(environment, "PATH"));
        Assert.Equal("/mine", Variable(environment, "HOME"));
        Assert.Equal("/path-not-set", Variable(Make(), "PATH"));
        Assert.Null(Variable(Make(), "NIX_OUTPUT_CHECKED"));
    }

    [Fact]
    public void Structured_attributes_come_as_JSON_and_for_bash()
    {
        var environment = Make(("__json", """
            {"b":true,"f":false,"n":null,"i":-3,"big":5000000000,"d":1.5,"w":2.0,"s":"it's é","list":["a",1],"deep":[["x"]],"set":{"k":"v","z":2},"bad-name":1}
            """));
        Assert.Equal("/build/.attrs.json", Variable(environment, "NIX_ATTRS_JSON_FILE"));
        Assert.Null(Variable(environment, "__json"));
        Assert.Equal(
            """{"b":true,"bad-name":1,"big":5000000000,"d":1.5,"deep":[["x"]],"f":false,"i":-3,"list":["a",1],"n":null,"outputs":{"out":"/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9"},"s":"it's é","set":{"k":"v","z":2},"w":2.0}""",
            environment.Files[".attrs.json"].ToString());
        Assert.Equal(
            """
            declare b=1
            declare big=705032704
            declare f=
            declare i=-3
            declare -a list=('a' 1 )
            declare n=''
            declare -A outputs=(['out']='/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9' )
            declare s='it'\''s é'
            declare -A set=(['k']='v' ['z']=2 )
            declare w=2

            """,
            environment.Files[".attrs.sh"].ToString());
    }

    [Fact]
    public void Placeholders_are_replaced_in_variables_and_files()
    {
        var rewrites = new Rewrites();
        rewrites.Set(Placeholder.OfOutput("out").ToString(), "/nix/store/real");
        var environment = Make(rewrites, ("prefix", $"--prefix={Placeholder.OfOutput("out")}/x"), ("passAsFile", "f"), ("f", Placeholder.OfOutput("out").ToString()));
        Assert.Equal("--prefix=/nix/store/real/x", Variable(environment, "prefix"));
        Assert.Contains(environment.Files.Values, f => f.ToString() == "/nix/store/real");
    }

    [Theory]
    [InlineData("a", "odd number of tokens")]
    [InlineData("../a /nix/store/x", "invalid file name '../a'")]
    [InlineData("a /nix/x", "is not in the Nix store")]
    public void Graphs_cannot_be_asked_for_in_nonsense(string value, string problem)
    {
        var derivation = Derivation(("exportReferencesGraph", value));
        Assert.Contains(
            problem, Assert.Throws<InvalidFormatException>(() => DerivationOptions.Read(derivation, StoreDirectory.Default, isResolved: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_closure_is_exported_in_a_file()
    {
        using var world = new BuildWorld();
        var input = world.Add(new Recipe("echo > $out") { Name = "input" });
        var path = BuilderTests.OutPath(world, input);
        var result = world.Build(new Recipe("cat graph > $out") { Inputs = [input], Variables = { ["exportReferencesGraph"] = $"graph {path}" } });
        Assert.Null(result.Failure?.Message);
        Assert.Equal($"{path}\n\n0\n", world.Read(result.Outputs["out"]));
        var outside = world.Build(new Recipe("") { Variables = { ["exportReferencesGraph"] = $"graph {path}" } });
        Assert.Equal(BuildStatus.InputRejected, outside.Status);
    }

    private static BuilderEnvironment Make(params (string, string)[] variables) => Make(new Rewrites(), variables);

    private static BuilderEnvironment Make(Rewrites rewrites, params (string, string)[] variables)
    {
        var derivation = Derivation(variables);
        return BuilderEnvironment.Make(
            new EnvironmentSource
            {
                Derivation = derivation,
                Options = DerivationOptions.Read(derivation, StoreDirectory.Default, isResolved: true),
                Directory = StoreDirectory.Default,
                BuildDirectory = "/build",
                Cores = 4,
            },
            rewrites);
    }

    private static Derivation Derivation(params (string Name, string Value)[] variables) => new()
    {
        Name = "thing",
        Outputs = [new("out", new DerivationOutput.Deferred())],
        Platform = ByteString.Empty,
        Builder = ByteString.Empty,
        Environment = [.. variables.Select(v => new EnvironmentVariable(ByteString.Of(v.Name), ByteString.Of(v.Value))).OrderBy(v => v.Name)],
    };

    private static string? Variable(BuilderEnvironment environment, string name) =>
        environment.Variables.TryGetValue(ByteString.Of(name), out var value) ? value.ToString() : null;
}
