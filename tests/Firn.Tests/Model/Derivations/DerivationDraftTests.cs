using System.Text;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Tests.Evaluation;

namespace Firn.Tests.Model.Derivations;

/// <summary>A derivation that was written in one go is the one that its parts make: text, path, references, outputs, hashes.</summary>
public sealed class DerivationDraftTests
{
    [Theory]
    [InlineData("plain", """derivation { name = "a"; system = "s"; builder = "b"; }""")]
    [InlineData("escapes", """derivation { name = "a"; system = "s"; builder = "b\"\\\n"; x = "\r\t\"\\"; "n\"" = "é"; args = [ "\"" "" "\n" ]; }""")]
    [InlineData("variables before, between and after the outputs",
        """derivation { name = "a"; system = "s"; builder = "b"; outputs = [ "out" "bin" "zz" ]; A = 1; c = 2; zzz = 3; }""")]
    [InlineData("variables called as outputs are", """derivation { name = "a"; system = "s"; builder = "b"; outputs = [ "dev" "out" ]; dev = "mine"; out = [ "mine" ]; }""")]
    [InlineData("lists", """derivation { name = "a"; system = "s"; builder = "b"; l = [ 1 [ ] "x" [ [ ] "y" ] null [ ] ]; m = [ ]; }""")]
    [InlineData("structured", """derivation { name = "a"; system = "s"; builder = "b"; __structuredAttrs = true; l = [ 1 { x = "é"; } ]; outputs = [ "out" "_" ]; }""")]
    [InlineData("fixed", $$"""derivation ({{Fixed}} // { name = "a"; })""")]
    [InlineData("inputs that make the same", $$"""
        let f = n: derivation ({{Fixed}} // { name = "same"; inherit n; });
            d = derivation { name = "d"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; };
        in derivation { name = "a"; system = "s"; builder = "b"; x = [ (f 1) (f 2) (f 3) d.dev d ]; y = d; }
        """)]
    [InlineData("sources and closures", """
        let d = derivation { name = "d"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; };
        in derivation { name = "a"; system = "s"; builder = builtins.toFile "f" "t"; x = d.drvPath; y = d.dev; z = builtins.toFile "g" "t"; }
        """)]
    [InlineData("floating", $$"""let f = {{Floating}}; in derivation { name = "a"; system = "s"; builder = "b"; x = f; y = f.dev; }""")]
    [InlineData("two levels above floating", $$"""
        let n = f: derivation { name = "a"; system = "s"; builder = "b"; x = f; outputs = [ "x" "y" ]; }; in n (n {{Floating}})
        """)]
    [InlineData("impure", """derivation { name = "a"; system = "s"; builder = "b"; __impure = true; }""")]
    [InlineData("outputs of outputs", """
        let t = derivation { name = "t.drv"; system = "s"; builder = "b"; __contentAddressed = true; outputHashMode = "text"; outputHashAlgo = "sha256"; };
        in derivation { name = "a"; system = "s"; builder = "b"; x = builtins.outputOf t.outPath "out"; y = t; }
        """)]
    public void It_is_what_its_parts_make(string what, string expression)
    {
        Assert.NotEmpty(what);
        var host = new MemoryHost();
        Evaluations.Value($"let d = {expression}; in map (o: d.${{o}}.outPath) (d.outputs or [ \"out\" ])", host, o => o with
        {
            Features = ["ca-derivations", "dynamic-derivations", "impure-derivations"],
        });

        Assert.NotEmpty(host.Made);
        foreach (var file in host.Made)
        {
            var parts = ((Firn.Evaluation.Host.IEvaluationStore)host).ReadDerivation(file.Path);
            var made = DerivationFile.Of(parts, StoreDirectory.Default);
            Assert.Equal(Encoding.UTF8.GetString(made.Text), Encoding.UTF8.GetString(file.Text));
            Assert.Equal(made.Path, file.Path);
            Assert.Equal(made.References, file.References);
            Assert.Equal(made.Outputs, file.Outputs);
            foreach (var (name, output) in parts.Outputs)
            {
                if (output is DerivationOutput.InputAddressed known)
                {
                    var hash = HashModulo.Of(parts, StoreDirectory.Default, masked: true, HashOf).Find(name)!;
                    Assert.Equal(StoreDirectory.Default.MakeOutput(name, hash, parts.Name), known.Path);
                }
            }
        }

        HashModulo HashOf(StorePath path) =>
            HashModulo.Of(((Firn.Evaluation.Host.IEvaluationStore)host).ReadDerivation(path), StoreDirectory.Default, masked: false, HashOf);
    }

    private const string Fixed =
        """{ system = "s"; builder = "b"; outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; }""";

    private const string Floating =
        """(derivation { name = "f"; system = "s"; builder = "b"; __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; outputs = [ "out" "dev" ]; })""";
}
