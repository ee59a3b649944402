namespace Firn.EndToEnd.SideBySide;

/// <summary>Which warnings there are, by settings and their older forms.</summary>
public sealed class WarningTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("warn-short-path-literals = true", "", true)]
    [InlineData("warn-short-path-literals = true", "--lint-short-path-literals ignore", false)]
    [InlineData("warn-short-path-literals = true", "--no-warn-short-path-literals", false)]
    [InlineData("lint-short-path-literals = warn", "", true)]
    public void A_path_without_a_dot_is_warned_of_as_the_newer_setting_says(string configuration, string option, bool warns)
    {
        var said = _machine.Shell($"NIX_CONFIG='{configuration}' {Machine.FirnCommands}/nix eval --impure {option} --expr a/b 2>&1");
        Assert.Equal(warns, said.Contains("relative path literal 'a/b' should be prefixed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_feature_that_became_a_setting_is_named() => Assert.Contains(
        "use 'lint-url-literals = fatal' setting instead",
        _machine.Shell($"{Machine.FirnCommands}/nix eval --extra-experimental-features no-url-literals --expr 1 2>&1"), StringComparison.Ordinal);

    [Fact]
    public void A_variable_makes_warnings_errors() => Assert.Contains(
        "aborting to reveal stack trace of warning",
        _machine.FailsInShell($"NIX_ABORT_ON_WARN=1 {Machine.FirnCommands}/nix-instantiate --eval -E 'builtins.warn \"w\" 1'").Errors, StringComparison.Ordinal);

    [Fact]
    public void A_derivation_path_that_is_none_is_named() => Assert.Contains(
        "store path '2chwzswhhmpxbgc981i2vcz7xj4d1in9-a' is not a valid derivation path",
        _machine.Fails("nix-instantiate", "-E", "{ type = \"derivation\"; name = \"a\"; drvPath = \"/nix/store/2chwzswhhmpxbgc981i2vcz7xj4d1in9-a\"; outPath = \"x\"; }").Errors,
        StringComparison.Ordinal);
}
