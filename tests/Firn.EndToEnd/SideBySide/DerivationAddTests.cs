using System.Text.Json.Nodes;

namespace Firn.EndToEnd.SideBySide;

/// <summary><c>nix derivation add</c>: outputs without a path get the one that follows, and a wrong one is refused.</summary>
public sealed class DerivationAddTests : IDisposable
{
    private const string Expression = """
        let a = derivation { name = "a"; system = "s"; builder = "b"; };
        in derivation { name = "b"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; inherit a; }
        """;

    private readonly Machine _machine = new();
    private readonly string _derivation;
    private readonly JsonObject _json;

    public DerivationAddTests()
    {
        _derivation = _machine.Firn("nix-instantiate", "-E", Expression).Split('!')[0];
        _json = JsonNode.Parse(_machine.Firn("nix", "derivation", "show", _derivation))!["derivations"]!.AsObject().First().Value!.DeepClone().AsObject();
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void It_comes_back_as_it_was() => Assert.Equal(_derivation, Add());

    [Fact]
    public void Paths_that_are_missing_are_those_that_follow()
    {
        foreach (var output in _json["outputs"]!.AsObject())
        {
            output.Value!.AsObject().Remove("path");
        }

        _json["env"]!["out"] = "";
        Assert.Equal(_derivation, Add());
    }

    [Fact]
    public void A_path_that_does_not_follow_is_refused()
    {
        _json["name"] = "other";
        Assert.Contains("has incorrect output", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_names_another_path_is_refused()
    {
        _json["env"]!["out"] = "/nix/store/jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj-x";
        Assert.Contains("incorrect environment variable 'out'", Refused(), StringComparison.Ordinal);
    }

    private string Add()
    {
        _machine.Write("b.json", _json.ToJsonString());
        return _machine.Shell($"{Machine.FirnCommands}/nix derivation add < b.json");
    }

    private string Refused()
    {
        _machine.Write("b.json", _json.ToJsonString());
        return _machine.FailsInShell($"{Machine.FirnCommands}/nix derivation add < b.json").Errors;
    }
}
