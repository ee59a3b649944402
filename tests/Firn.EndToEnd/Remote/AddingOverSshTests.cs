namespace Firn.EndToEnd.Remote;

/// <summary>Adding to a store behind <c>ssh://</c>, whose protocol only takes what has a name already; also through a store that is behind another.</summary>
public sealed class AddingOverSshTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("nar", "")]
    [InlineData("flat", "")]
    [InlineData("text", "")]
    [InlineData("nar", "&remote-store=ssh://localhost?remote-program=PROGRAM")]
    public void What_is_added_has_the_path_that_it_has_here(string mode, string more)
    {
        _machine.Write("file", "it");
        var store = $"ssh://localhost?remote-program=PROGRAM{more}".Replace("PROGRAM", $"{Machine.FirnCommands}/nix-store", StringComparison.Ordinal);
        var there = _machine.Firn("nix", "store", "add", "--mode", mode, "--store", store, "file");
        Assert.Equal("it", _machine.Shell($"cat {there}"));
        Assert.Equal(there, _machine.Firn("nix", "store", "add", "--mode", mode, "--dry-run", "file"));
    }

    [Theory]
    [InlineData("ssh")]
    [InlineData("ssh-ng")]
    public void That_ssh_cannot_connect_is_said(string scheme)
    {
        var programs = Path.GetDirectoryName(_machine.Write("programs/ssh", "#!/bin/sh\necho no such machine >&2; exit $STATUS\n"))!;

        string Fail(int status) => _machine.Shell(
            $"chmod +x {programs}/ssh; STATUS={status} PATH={programs}:$PATH {Machine.FirnCommands}/nix path-info --store '{scheme}://me@far.example?remote-program=elsewhere' /nix/store/{new string('0', 32)}-x 2>&1 || true");

        Assert.Contains("failed to start SSH connection to 'far.example'", Fail(255), StringComparison.Ordinal);
        Assert.Contains("'elsewhere' on 'far.example' ended with exit code 127 before it answered", Fail(127), StringComparison.Ordinal);
    }

    [Fact]
    public void Derivations_can_be_written_there()
    {
        var store = $"ssh://localhost?remote-program={Machine.FirnCommands}/nix-store";
        const string expression = "derivation { name = \"a\"; system = \"s\"; builder = \"b\"; src = builtins.toFile \"t\" \"t\"; }";
        var path = _machine.Firn("nix-instantiate", "--dry-run", "--eval", "-E", $"({expression}).drvPath").Trim('"');
        var derivation = _machine.Firn("nix-instantiate", "--eval-store", store, "--read-write-mode", "--eval", "-E", $"({expression}).drvPath").Trim('"');
        Assert.Equal(path, derivation);
        Assert.Contains("/nix/store", _machine.Shell($"cat {path}"), StringComparison.Ordinal);
    }
}
