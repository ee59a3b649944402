namespace Firn.EndToEnd.Remote;

/// <summary>C++ Nix builds here, and firn takes its builds elsewhere: <c>nix __build-remote</c> in the setting <c>build-hook</c>.</summary>
public sealed class BuildHookTests : IDisposable
{
    private const string Expression = """
        let
          build = attributes: script: derivation ({
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" script ];
          } // attributes);
          low = build { name = "low"; } "echo low > $out";
        in
        {
          top = build { name = "top"; } "echo printed; read -r x < ${low}; echo $x and top > $out";
          bad = build { name = "bad"; } "echo oh no; exit 3";
          picky = build { name = "picky"; requiredSystemFeatures = [ "special" ]; } "echo picky > $out";
          floating = build { name = "floating"; __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; } "read -r x < ${low}; echo $x > $out";
        }
        """;

    private readonly Machine _machine;
    private readonly string _file;

    public BuildHookTests()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine = new Machine(Machine.StaticShell, "sandbox = true", "extra-experimental-features = ca-derivations", $"build-hook = {Machine.FirnCommands}/nix __build-remote");
        _file = _machine.Write("set.nix", Expression);
    }

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData("ssh-ng", "nix-daemon")]
    [InlineData("ssh", "nix-store")]
    public void Inputs_go_there_and_outputs_come_back(string scheme, string program)
    {
        var output = Build("top", Builders(scheme, program, ""));
        Assert.Equal("low and top", _machine.Shell($"cat {output}"));
        Assert.Equal("low and top", _machine.Shell($"cat {_machine.Home}/there{output}"));
        _machine.Reference("nix-store", "--verify", "--check-contents");
        var lines = _machine.Reference("nix-store", "--read-log", output);
        Assert.Contains("printed", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_named_by_its_content_is_registered_here()
    {
        var output = _machine.Shell($"{Reference("nix-build")} {_file} -A floating --no-out-link --option max-jobs 0 --option builders '{Builders("ssh-ng", "nix-daemon", "ca-derivations")}'");
        Assert.Equal("low", _machine.Shell($"cat {output}"));
        Assert.Equal(output, _machine.Shell($"{Reference("nix-build")} {_file} -A floating --no-out-link --option max-jobs 0 --option builders ''"));
    }

    [Fact]
    public void A_build_that_fails_there_fails_here_and_says_why()
    {
        var failure = _machine.FailsInShell($"{Reference("nix-build")} {_file} -A bad --no-out-link --option max-jobs 0 --option builders '{Builders("ssh-ng", "nix-daemon", "")}'");
        Assert.Contains("oh no", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("exit code 3", failure.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_machine_offers_is_declined()
    {
        var failure = _machine.FailsInShell($"{Reference("nix-build")} {_file} -A picky --no-out-link --option max-jobs 0 --option builders '{Builders("ssh-ng", "nix-daemon", "other")}'");
        Assert.Contains("Failed to find a machine for remote build!", failure.Errors, StringComparison.Ordinal);
        Assert.Equal("picky", _machine.Shell($"cat {Build("picky", Builders("ssh-ng", "nix-daemon", "special"))}"));
    }

    [Fact]
    public void Without_machines_it_says_at_once_that_it_takes_nothing() =>
        Assert.Contains("decline-permanently", _machine.Shell($"printf '\\0\\0\\0\\0\\0\\0\\0\\0' | {Machine.FirnCommands}/nix __build-remote 3 2>&1"), StringComparison.Ordinal);

    private string Build(string attribute, string builders) =>
        _machine.Reference("nix-build", _file, "-A", attribute, "--no-out-link", "--option", "max-jobs", "0", "--option", "builders", builders);

    private string Reference(string command)
    {
        _machine.Reference(command, "--version");
        return $"{_machine.ReferenceCommands}/{command}";
    }

    private string Builders(string scheme, string program, string features) =>
        $"{scheme}://localhost?remote-program={Machine.FirnCommands}/{program}&remote-store={_machine.Home}/there{(features.Length > 0 ? "?system-features=" + features : "")} - - 1 1 {features}".TrimEnd();
}
