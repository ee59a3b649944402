using System.Runtime.CompilerServices;

namespace Firn.EndToEnd.Daemon;

/// <summary>Many clients of one daemon at once; what serves them is killed now and then.</summary>
/// <remarks><c>FIRN_SOAK_SECONDS</c> (8 when not set) and <c>FIRN_SOAK_CLIENTS</c> (16) make it longer: 120 and 64 are a real soak.</remarks>
public sealed class SoakTests : IDisposable
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
        { top = build "top" "echo ${build "middle" "echo ${low} > $out"} > $out"; }
        """;

    private readonly Machine _machine;

    public SoakTests()
    {
        Assert.SkipUnless(Machine.HasReference, "the sandbox's shell comes with C++ Nix, which is not installed: eng/reference install");
        _machine = new Machine(Machine.StaticShell, "sandbox = true");
    }

    public void Dispose() => _machine?.Dispose();

    [Fact]
    public void Afterwards_the_store_verifies_and_no_lock_or_root_is_left()
    {
        string Setting(string name, string usual) => Environment.GetEnvironmentVariable(name) ?? usual;
        var file = _machine.Write("set.nix", Expression);
        var said = _machine.Shell(
            $"PATH={Machine.FirnCommands}:$PATH exec bash {Here()}/soak.sh {file} {Setting("FIRN_SOAK_SECONDS", "8")} {Setting("FIRN_SOAK_CLIENTS", "16")}");
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.EndsWith("clean", said);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
