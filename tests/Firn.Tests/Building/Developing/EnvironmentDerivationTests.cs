using Firn.Building.Developing;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Tests.Building.Developing;

public sealed class EnvironmentDerivationTests
{
    private static readonly StorePath _script = StorePath.Of(Hash.Sha256("script"u8).Fold(20), "get-env.sh");
    private static readonly DerivationOutput _known = new DerivationOutput.InputAddressed(StorePath.Of(Hash.Sha256("old"u8).Fold(20), "thing"));
    private static readonly DerivationOutput _fixed = new DerivationOutput.FixedContent(new ContentAddress(ContentAddressMethod.NixArchive, Hash.Sha256("it"u8)));
    private static readonly DerivationOutput _floating = new DerivationOutput.FloatingContent(ContentAddressMethod.NixArchive, HashAlgorithm.Sha256);

    [Fact]
    public void It_runs_the_script_where_the_builder_would_run()
    {
        var made = Make(Thing(_known));

        Assert.Equal("thing-env", made.Name);
        Assert.Equal("thing-env", made.FindEnvironment("name"u8)?.ToString());
        Assert.Equal("/bin/bash", made.Builder.ToString());
        Assert.Equal([StoreDirectory.Default.Absolute(_script)], made.Arguments.Select(a => a.ToString()));
        Assert.Contains(_script, made.InputSources);
        Assert.Equal("kept", made.FindEnvironment("other"u8)?.ToString());
    }

    [Fact]
    public void Its_output_is_a_path_of_its_own_also_where_the_content_was_known()
    {
        var made = Make(Thing(_fixed));

        var path = Assert.IsType<DerivationOutput.InputAddressed>(made.FindOutput("out")).Path;
        Assert.Equal("thing-env", path.Name);
        Assert.Equal(StoreDirectory.Default.Absolute(path), made.FindEnvironment("out"u8)?.ToString());
    }

    [Fact]
    public void An_output_that_floats_goes_on_floating() => Assert.Equal(_floating, Make(Thing(_floating)).FindOutput("out"));

    [Fact]
    public void An_output_stays_open_while_an_input_is()
    {
        var input = StorePath.Of(Hash.Sha256("input"u8).Fold(20), "input.drv");
        var made = EnvironmentDerivation.Of(
            Thing(_known) with { InputDerivations = [new(input, WantedOutputs.Of("out"))] }, _script, StoreDirectory.Default,
            _ => new HashModulo.Whole(Hash.Sha256("input"u8), IsDeferred: true));

        Assert.IsType<DerivationOutput.Deferred>(made.FindOutput("out"));
        Assert.Equal("", made.FindEnvironment("out"u8)?.ToString());
    }

    [Fact]
    public void What_a_package_must_keep_to_does_not_count()
    {
        var made = Make(Thing(_known));

        Assert.All(["allowedReferences", "allowedRequisites", "disallowedReferences", "disallowedRequisites"], name =>
            Assert.Null(made.FindEnvironment(System.Text.Encoding.UTF8.GetBytes(name))));
    }

    [Fact]
    public void Nor_do_checks_in_structured_attributes()
    {
        var thing = Thing(_known);
        var made = Make(thing with
        {
            Environment = [new(ByteString.Of("__json"), ByteString.Of("""{"b":[1,2.5],"outputChecks":{"out":{}},"a":null}""")), .. thing.Environment],
        });

        Assert.Equal("""{"a":null,"b":[1,2.5]}""", made.StructuredAttributes?.ToString());
    }

    [Fact]
    public void Outputs_are_listed_where_they_were_not() => Assert.Equal("out", Make(Thing(_known)).FindEnvironment("outputs"u8)?.ToString());

    [Fact]
    public void Another_builder_does_not_do() =>
        Assert.Throws<UsageException>(() => Make(Thing(_known) with { Builder = ByteString.Of("/bin/sh") }));

    private static Derivation Make(Derivation derivation) =>
        EnvironmentDerivation.Of(derivation, _script, StoreDirectory.Default, _ => throw new InvalidOperationException("it has no inputs"));

    private static Derivation Thing(DerivationOutput output) => new()
    {
        Name = "thing",
        Outputs = [new("out", output)],
        Platform = ByteString.Of("x86_64-linux"),
        Builder = ByteString.Of("/bin/bash"),
        Arguments = [ByteString.Of("-e")],
        Environment =
        [
            Variable("allowedReferences", ""), Variable("allowedRequisites", ""), Variable("disallowedReferences", "x"), Variable("disallowedRequisites", "x"),
            Variable("name", "thing"), Variable("other", "kept"), Variable("out", "/nix/store/old"),
        ],
    };

    private static EnvironmentVariable Variable(string name, string value) => new(ByteString.Of(name), ByteString.Of(value));
}
