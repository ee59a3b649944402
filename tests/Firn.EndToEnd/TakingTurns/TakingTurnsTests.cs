namespace Firn.EndToEnd.TakingTurns;

/// <summary>firn and C++ Nix take turns on one store; each accepts what the other left, as if it had done it itself.</summary>
public sealed class TakingTurnsTests : IDisposable
{
    private const string Expression = """
        let
          build = name: script: derivation {
            inherit name;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" script ];
          };
          low = build "low" "echo low > $out";
        in
        {
          inherit low;
          top = build "top" "echo ${build "middle" "echo ${low} and self: $out > $out"} > $out";
          other = build "other" "echo other > $out";
        }
        """;

    private readonly Machine _machine;
    private readonly string _file;

    public TakingTurnsTests()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine = new Machine(Machine.StaticShell, "sandbox = true");
        _file = _machine.Write("set.nix", Expression);
    }

    private delegate string Program(string command, params string[] arguments);

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_one_built_the_other_takes_as_built(bool firnFirst)
    {
        var (first, second) = Turns(firnFirst);
        var low = first("nix-build", _file, "-A", "low", "--no-out-link");
        var top = first("nix-build", _file, "-A", "top", "--no-out-link");

        Assert.Equal(top, second("nix-build", _file, "-A", "top", "--no-out-link"));
        Assert.Equal(first("nix-store", "-qR", top), second("nix-store", "-qR", top));
        Assert.Equal(first("nix-store", "--query", "--deriver", low), second("nix-store", "--query", "--deriver", low));
        Assert.Equal(first("nix-store", "--dump-db"), second("nix-store", "--dump-db"));
        second("nix-store", "--verify", "--check-contents");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_builds_upon_what_the_other_built(bool firnFirst)
    {
        var (first, second) = Turns(firnFirst);
        var low = first("nix-build", _file, "-A", "low", "--no-out-link");
        var top = second("nix-build", _file, "-A", "top", "--no-out-link");
        var other = first("nix-build", _file, "-A", "other", "--no-out-link");

        Assert.Contains(low, first("nix-store", "-qR", top), StringComparison.Ordinal);
        Assert.Equal("other", _machine.Shell($"cat {other}"));
        foreach (var program in new[] { first, second })
        {
            program("nix-store", "--verify", "--check-contents");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_collects_what_the_other_no_longer_needs_and_nothing_else(bool firnFirst)
    {
        var (first, second) = Turns(firnFirst);
        var top = first("nix-build", _file, "-A", "top", "-o", $"{_machine.Home}/result");
        var other = first("nix-build", _file, "-A", "other", "--no-out-link");

        second("nix-store", "--gc");

        Assert.Equal("gone", _machine.Shell($"test -e {other} && echo there || echo gone"));
        Assert.Equal("", first("nix-store", "--check-validity", "--print-invalid", top));
        first("nix-store", "--verify", "--check-contents");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_turn_the_generations_of_one_profile(bool firnFirst)
    {
        var (first, second) = Turns(firnFirst);
        const string Profile = "/nix/var/nix/profiles/shared";
        var low = first("nix-build", _file, "-A", "low", "--no-out-link");
        var other = first("nix-build", _file, "-A", "other", "--no-out-link");

        first("nix-env", "-p", Profile, "--set", low);
        second("nix-env", "-p", Profile, "--set", other);
        Assert.Equal(other, _machine.Shell($"readlink -f {Profile}"));
        first("nix-env", "-p", Profile, "--rollback");

        Assert.Equal(low, _machine.Shell($"readlink -f {Profile}"));
        Assert.Equal(first("nix-env", "-p", Profile, "--list-generations"), second("nix-env", "-p", Profile, "--list-generations"));
    }

    private (Program First, Program Second) Turns(bool firnFirst) =>
        firnFirst ? (_machine.Firn, _machine.Reference) : (_machine.Reference, _machine.Firn);
}
