using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Flakes.Registries;

/// <summary>Names lead to what the first registry that knows them says.</summary>
public sealed class RegistryLookupTests
{
    private static readonly InputForms _forms = new(new FetchSettings());

    [Theory]
    [InlineData("nixpkgs", "github:o/user")]
    [InlineData("nixpkgs/branch", "github:o/user/branch")]
    [InlineData("other", "github:o/global?dir=sub")]
    [InlineData("exact", "path:/e")]
    [InlineData("github:a/b", "github:a/b")]
    public void Names_are_looked_up_again_and_again(string text, string expected) =>
        Assert.Equal(expected, Lookup(RegistryUse.All).ToText(_forms, text));

    [Fact]
    public void What_a_user_calls_something_does_not_count_for_lock_files() =>
        Assert.Equal("github:o/global", Lookup(RegistryUse.Shared).ToText(_forms, "nixpkgs"));

    [Theory]
    [InlineData("exact/branch", "cannot find flake 'flake:exact/branch' in the flake registries")]
    [InlineData("round", "cycle detected in flake registry for 'flake:round'")]
    public void What_leads_nowhere_is_told(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FlakeException>(() => Lookup(RegistryUse.All).ToText(_forms, text)).Message);

    [Fact]
    public void A_name_that_is_nearly_right_is_suggested() =>
        Assert.Equal(["Did you mean nixpkgs?"], Assert.Throws<FlakeException>(() => Lookup(RegistryUse.All).ToText(_forms, "nixpgks")).Diagnostic.Hints);

    [Fact]
    public void A_registry_comes_back_as_it_was_read()
    {
        const string json = """
            {
              "flakes": [
                {
                  "exact": true,
                  "from": {
                    "id": "a",
                    "type": "indirect"
                  },
                  "to": {
                    "dir": "d",
                    "path": "/a",
                    "type": "path"
                  }
                }
              ],
              "version": 2
            }
            """;
        Assert.Equal(json, Read(RegistryKind.User, json).ToJson());
    }

    private static FlakeRegistry Read(RegistryKind kind, string json) => FlakeRegistry.Read(kind, json, "/registry.json", _forms, NoMessageLog.Instance);

    private static Resolver Lookup(RegistryUse use)
    {
        var none = new FlakeRegistry(RegistryKind.User, []);
        InputAttributes Name(string name) => InputAttributes.Empty.With("type", "indirect").With("id", name);
        FlakeReference To(string text) => FlakeReference.Parse(text, _forms);
        var user = none.With(Name("nixpkgs"), To("github:o/user"));
        var global = (none with { Kind = RegistryKind.Global }).With(Name("nixpkgs"), To("github:o/global")).With(Name("other"), To("github:o/global?dir=sub"))
            .With(Name("round"), To("flake:round"));
        global = global with { Entries = global.Entries.Add(new RegistryEntry(Name("exact"), To("path:/e"), IsExact: true)) };
        return new Resolver(new RegistryLookup(_forms, () => [user, global]), use);
    }

    private sealed record Resolver(RegistryLookup Lookup, RegistryUse Use)
    {
        public string ToText(InputForms forms, string text) => Lookup.Resolve(FlakeReference.Parse(text, forms), Use).ToText(forms);
    }
}
