namespace Firn.EndToEnd.SideBySide;

/// <summary><c>builtins.outputOf</c> gives the same in firn and in C++ Nix, and refuses the same.</summary>
public sealed class DynamicDerivationTests : IDisposable
{
    private const string Fixed = """(derivation { name = "a"; system = "s"; builder = "b"; })""";
    private const string Floating = """(derivation { name = "a"; system = "s"; builder = "b"; __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; })""";

    private readonly Machine _machine;

    public DynamicDerivationTests()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine = new Machine("extra-experimental-features = ca-derivations dynamic-derivations");
    }

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData($"builtins.outputOf (builtins.unsafeDiscardOutputDependency {Fixed}.drvPath) \"out\"")]
    [InlineData($"builtins.outputOf (builtins.unsafeDiscardOutputDependency {Floating}.drvPath) \"out\"")]
    [InlineData($"builtins.outputOf {Floating}.outPath \"out\"")]
    [InlineData($"builtins.outputOf (builtins.outputOf {Floating}.outPath \"x\") \"y\"")]
    public void An_output_has_the_same_name(string expression)
    {
        string[] words = ["eval", "--impure", "--json", "--expr", expression];
        Assert.Equal(_machine.Reference("nix", words), _machine.Firn("nix", words));
    }

    [Theory]
    [InlineData($"builtins.outputOf {Fixed} \"out\"", "expected a string but found a set")]
    [InlineData($"builtins.outputOf {Fixed}.drvPath \"out\"", "has a context which refers to a complete source and binary closure")]
    [InlineData($"builtins.outputOf (builtins.unsafeDiscardOutputDependency {Fixed}.drvPath) \"other\"", "does not have output 'other'")]
    [InlineData("builtins.outputOf \"x\" \"out\"", "entries in its context")]
    [InlineData($"builtins.outputOf (builtins.unsafeDiscardOutputDependency {Fixed}.drvPath + \"x\") \"out\"", "has context with the different path")]
    [InlineData($"builtins.outputOf ({Floating}.outPath + \"x\") \"out\"", "not the right placeholder for this derivation output")]
    public void What_is_no_derivation_is_refused(string expression, string message) =>
        Assert.Contains(message, _machine.Fails("nix", "eval", "--impure", "--expr", expression).Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
}
