namespace Firn.EndToEnd.Completing;

/// <summary>What shells are told when somebody presses Tab.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = flakes", "flake-registry =");

    public CompletionTests()
    {
        _machine.Write("dep/flake.nix", "{ outputs = _: { }; }");
        _machine.Write("foo/flake.nix", $$"""
            {
              inputs.needed.url = "path:{{_machine.Home}}/dep";
              outputs = _: {
                sample = 1;
                packages.x86_64-linux = { default = 2; salt.pepper = 3; };
                devShells.x86_64-linux.sandbox = 4;
              };
            }
            """);
        _machine.Write("bad/flake.nix", "throw \"never mind\"");
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(1, "nix buil", "normal|build")]
    [InlineData(1, "nix she", "normal|shell")]
    [InlineData(2, "nix flake pre", "normal|prefetch|prefetch-inputs")]
    [InlineData(3, "nix -L cache ke", "normal|keys")]
    [InlineData(2, "nix build ./f", "filenames|./foo")]
    [InlineData(2, "nix build '~/f'", "filenames|~/foo")]
    [InlineData(2, "nix build ./nothing", "filenames")]
    [InlineData(3, "nix nar ls dep/", "filenames|dep/flake.nix")]
    [InlineData(2, "nix build ./foo#s", "attrs|./foo#salt|./foo#sample")]
    [InlineData(2, "nix build ./foo#salt.", "attrs|./foo#salt.pepper")]
    [InlineData(2, "nix build ./foo#.s", "attrs|./foo#.sample")]
    [InlineData(2, "nix develop ./foo#sa", "attrs|./foo#salt|./foo#sample|./foo#sandbox")]
    [InlineData(2, "nix build ./bad#", "attrs")]
    [InlineData(4, "nix eval -f foo/flake.nix inp", "attrs|inputs")]
    [InlineData(4, "nix eval -f foo/flake.nix inputs.needed.", "attrs|inputs.needed.url")]
    [InlineData(4, "nix build ./foo --override-input ''", "normal|needed")]
    [InlineData(3, "nix build --override-input '' '' ./foo", "normal|needed")]
    [InlineData(5, "nix flake update --flake ./foo ''", "normal|needed")]
    [InlineData(2, "nix build --no-li", "normal|--no-link")]
    [InlineData(3, "nix build --option max-jo", "normal|max-jobs")]
    [InlineData(9, "nix build", "")]
    public void Completes(int word, string line, string expected)
    {
        // The words that are asked about, without what the options say of themselves.
        var found = _machine.Shell($"NIX_GET_COMPLETIONS={word} {Machine.FirnCommands}/{line} 2>&1 | cut -f1");
        if (expected.Length > 0)
        {
            Assert.Equal(expected, string.Join('|', found.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        }
        else
        {
            // No such word: the line is taken as it stands.
            Assert.DoesNotContain("normal", found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nix build ./foo#sal", "./foo#salt")]
    [InlineData("firn cache pus", "push")]
    [InlineData("nix build path:./foo#sam", "./foo#sample")]
    public void Bash_gets_what_is_to_stand_in_the_place_of_its_last_word(string line, string expected) => Assert.Equal(expected, _machine.Shell(
        $"PATH={Machine.FirnCommands}:$PATH bash -c '. {Machine.Checkout}/completions/nix.bash; COMP_LINE=$0 COMP_POINT=${{#0}}; _nix_complete; echo \"${{COMPREPLY[*]}}\"' '{line}'"));
}
