namespace Firn.EndToEnd.SideBySide;

/// <summary>What builds print is shown as C++ Nix shows it: by the subcommands of <c>nix</c> with the build's name before it.</summary>
public sealed class BuildLogTests : IDisposable
{
    private readonly Machine _machine;

    public BuildLogTests()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine = new Machine(Machine.StaticShell, "sandbox = true");
    }

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData("nix-build {0} --no-out-link")]
    [InlineData("nix-build {0} --no-out-link --log-format bar-with-logs")]
    [InlineData("nix-build {0} --no-out-link --quiet -Q")]
    [InlineData("nix build -f {0} --no-link")]
    [InlineData("nix build -f {0} --no-link -L")]
    [InlineData("nix build -f {0} --no-link --log-format raw")]
    public void Lines_of_builds_look_alike(string command)
    {
        // Each program builds one that the other has not.
        string Said(string name, string commands)
        {
            var file = _machine.Write($"{name}.nix", $$"""
                derivation { name = "said"; who = "{{name}}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo a line; echo > $out" ]; }
                """);
            return _machine.Shell($"PATH={commands}:$PATH {string.Format(System.Globalization.CultureInfo.InvariantCulture, command, file)} 2>&1 | grep 'a line' || true");
        }

        Assert.Equal(Said("theirs", _machine.ReferenceCommands), Said("ours", Machine.FirnCommands));
    }
}
