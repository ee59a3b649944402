namespace Firn.EndToEnd.Nesting;

/// <summary>Builders that call Nix: firn answers them, whether they call firn or C++ Nix.</summary>
public sealed class NestingTests : IDisposable
{
    private const string Expression = """
        { nix, secret }: derivation {
          name = "outer";
          system = builtins.currentSystem;
          builder = "/bin/sh";
          requiredSystemFeatures = [ "recursive-nix" ];
          seen = builtins.toFile "seen" "an input";
          inherit secret;
          inner = ''
            derivation {
              name = "inner";
              system = builtins.currentSystem;
              builder = "/bin/sh";
              args = [ "-c" "read -r x < ''${builtins.toFile "low" "from far below\n"}; echo $x > $out" ];
            }
          '';
          args = [ "-euc" ''
            export PATH=${nix}:/usr/bin:/bin HOME=$PWD
            nix --extra-experimental-features nix-command path-info $seen
            if nix --extra-experimental-features nix-command path-info $secret; then exit 1; fi
            echo added > file
            added=$(nix-store --add file)
            [ "$(cat $added)" = added ]
            echo "$inner" > inner.nix
            built=$(nix-build --no-out-link inner.nix)
            [ "$(cat $built)" = "from far below" ]
            mkdir $out
            ln -s $added $out/added
            ln -s $built $out/built
          '' ];
        }
        """;

    private readonly Machine _machine = new(
        "sandbox = true",
        $"sandbox-paths = /bin /usr /lib /lib64? {Path.GetDirectoryName(Machine.ReferenceFolder)} {Machine.FirnCommands} {Path.GetDirectoryName(new FileInfo($"{Machine.FirnCommands}/firn").ResolveLinkTarget(true)!.FullName)}");

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_builder_adds_and_builds_and_sees_nothing_else(bool callsReference)
    {
        Assert.SkipUnless(!callsReference || Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        var secret = _machine.Firn("nix-store", "--add", _machine.Write("secret", "of others"));
        var commands = Machine.FirnCommands;
        if (callsReference)
        {
            _machine.Reference("nix-store", "--version");
            commands = _machine.ReferenceCommands;
        }

        var file = _machine.Write("outer.nix", Expression);
        var output = _machine.Firn("nix-build", file, "--no-out-link", "--argstr", "nix", commands, "--argstr", "secret", secret,
            "--option", "extra-sandbox-paths", callsReference ? commands : "");

        Assert.Equal("added", _machine.Shell($"cat {output}/added"));
        Assert.Equal("from far below", _machine.Shell($"cat {output}/built"));
        var closure = _machine.Firn("nix-store", "-qR", output);
        Assert.Contains("-file", closure, StringComparison.Ordinal);
        Assert.Contains("-inner", closure, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, closure, StringComparison.Ordinal);
        _machine.Firn("nix-store", "--verify", "--check-contents");
    }
}
