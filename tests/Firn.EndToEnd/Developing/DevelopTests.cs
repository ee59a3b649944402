using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Firn.EndToEnd.Developing;

/// <summary><c>nix develop</c> and <c>nix print-dev-env</c>: the environment of a build, for a person.</summary>
public sealed partial class DevelopTests : IDisposable
{
    private const string Shell = """
        { structured ? false }:
        let
          setup = builtins.toFile "setup" ''
            shopt -s nullglob
            export FROM_SETUP=$'tab\there "quoted" \\back\nline'
            plain='declare -- fake="1"'
            multi=$'first\ndeclare -x PATHETIC="no"\ndeclare -- plain="wrong"\ndeclare -f ghost\nlast'
            declare -a list=(1 "two three" $'four\n' "")
            declare -A table=([a]=1 ["b c"]=$'x\ny' ['d"e']=f)
            declare -i number=3
            declare -a declared
            declare -x exportedUnset
            declare -ax exportedList=(1)
            unicode="äöü€𝄞"
            greet() { echo "hi $1"; cat <<EOF
            here {
            EOF
            }
            sub() ( exit 3 )
            with-dash() { :; }
            PATH=/from/setup:$PATH
            runHook() { eval "''${!1-}"; }
            greetPhase="greet phase; pwd"
            if [ -n "''${out-}" ]; then export sawOut=1; fi
          '';
          stdenv = derivation {
            name = "stdenv"; system = builtins.currentSystem; builder = "/bin/sh";
            args = [ "-c" "/bin/mkdir $out; /bin/cp ${setup} $out/setup" ];
          };
        in derivation ({
          name = "thing"; system = builtins.currentSystem; builder = "/bin/bash"; args = [ "-c" "exit 1" ];
          inherit stdenv; outputs = [ "out" "dev" ]; VAR = "a'b"; shellHook = "HOOKED=1";
        } // (if structured then { __structuredAttrs = true; my.list = [ 1 2 ]; outputChecks.out.disallowedReferences = [ "out" ]; }
          else { disallowedReferences = [ "out" ]; }))
        """;

    private readonly Machine _machine = new("extra-experimental-features = flakes", "sandbox = false");

    public DevelopTests()
    {
        // There is no Nixpkgs here, nor a network to ask for one.
        _machine.Write("registry.json", """{"version":2,"flakes":[]}""");
        File.AppendAllText($"{_machine.Folder}/etc/nix.conf", $"flake-registry = {_machine.Home}/registry.json\n");
        _machine.Write("shell.nix", Shell);
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void The_environment_is_what_C_plus_plus_Nix_writes_down(string structured)
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        string[] words = ["print-dev-env", "--json", "-f", "./shell.nix", "--arg", "structured", structured];
        Assert.Equal(Comparable(_machine.Reference("nix", words)), Comparable(_machine.Firn("nix", words)));
    }

    [Fact]
    public void What_C_plus_plus_Nix_wrote_down_can_be_used()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine.Reference("nix", "develop", "--profile", "./dev", "-f", "./shell.nix", "-c", "true");
        Assert.Equal("a'b", _machine.Firn("nix", "develop", "./dev", "-c", "sh", "-c", "echo \"$VAR\""));
    }

    [Theory]
    [InlineData("echo \"$FROM_SETUP\"", "tab\there \"quoted\" \\back\nline")]
    [InlineData("echo \"$multi\"", "first\ndeclare -x PATHETIC=\"no\"\ndeclare -- plain=\"wrong\"\ndeclare -f ghost\nlast")]
    [InlineData("echo \"${#list[@]} ${list[1]} ${table[b c]}\"", "4 two three x\ny")]
    [InlineData("greet you", "hi you\nhere {")]
    [InlineData("sub || echo $?", "3")]
    [InlineData("echo $unicode $HOOKED $sawOut", "äöü€𝄞 1 1")]
    [InlineData("echo \"$PATH\"", "/from/setup:/path-not-set:/usr/bin:/bin")]
    [InlineData("echo \"$out $dev\"", "HOME/outputs/out HOME/outputs/dev")]
    [InlineData("[ -d \"$NIX_BUILD_TOP\" ] && [ \"$TMPDIR\" = \"$NIX_BUILD_TOP\" ] && echo here", "here")]
    [InlineData("echo \"${PATHETIC-unset} ${HOME-unset}\"", "unset HOME")]
    public void The_printed_code_makes_a_bash_the_builder_s(string line, string expected)
    {
        _machine.Write("code", _machine.Firn("nix", "print-dev-env", "-f", "./shell.nix"));
        _machine.Write("script", $"PATH=/usr/bin:/bin\n. ./code\n{line}\n");
        Assert.Equal(expected.Replace("HOME", _machine.Home, StringComparison.Ordinal), _machine.Shell("bash ./script"));
    }

    [Fact]
    public void Structured_attributes_are_there_for_whoever_reads_the_printed_code_later()
    {
        _machine.Write("code", _machine.Firn("nix", "print-dev-env", "-f", "./shell.nix", "--arg", "structured", "true"));
        Assert.Equal("[1,2]\nthing", _machine.Shell(
            "bash -c '. ./code; grep -o \"\\[1,2]\" \"$NIX_ATTRS_JSON_FILE\"; unset name; . \"$NIX_ATTRS_SH_FILE\"; echo \"$name\"'"));
    }

    [Fact]
    public void A_command_runs_in_it_with_the_caller_s_variables_and_status()
    {
        Assert.Equal("a'b mine", _machine.Shell($"echo mine | OWN=1 {Machine.FirnCommands}/nix develop -f ./shell.nix -c bash -c 'read -r x; echo \"$VAR\" \"$x\"; exit 7' || test $? = 7"));
        Assert.Equal("1 -", _machine.Shell(
            $"OWN=1; export OWN; n='{Machine.FirnCommands}/nix develop -f ./shell.nix'; a=$($n -c bash -c 'echo $OWN'); b=$($n --ignore-env -c /bin/bash -c 'echo ${{OWN--}}'); echo $a $b"));
    }

    [Fact]
    public void A_shell_reads_what_bash_reads_and_then_is_the_builder_s()
    {
        _machine.Write(".bashrc", "FROM_RC=rc\nalias mktemp=false\n");
        // Bash reads it when it is interactive, which without a terminal it has to be told to be.
        Directory.CreateDirectory($"{_machine.Home}/bin");
        _machine.Write("bin/bash", "#!/bin/sh\nexec /bin/bash \"$@\" -i\n");
        File.SetUnixFileMode($"{_machine.Home}/bin/bash", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal("rc 1 bash\nhi me\nhere {\nfolder", _machine.Shell(
            $"printf '%s\\n' 'echo $FROM_RC $HOOKED $SHELL' 'greet me' '[ -d \"$TMPDIR\" ] && echo folder' | TMPDIR={_machine.Home} PATH={_machine.Home}/bin:$PATH {Machine.FirnCommands}/nix develop -f ./shell.nix 2>/dev/null"));
        Assert.Empty(Directory.GetFiles(_machine.Home, "nix-shell*"));
    }

    [Fact]
    public void A_phase_runs_where_the_flake_is()
    {
        Directory.CreateDirectory($"{_machine.Home}/flake");
        File.WriteAllText($"{_machine.Home}/flake/shell.nix", Shell);
        _machine.Write("flake/flake.nix", "{ outputs = _: { devShells.x86_64-linux.default = import ./shell.nix { }; packages.x86_64-linux.default = throw \"not this\"; }; }");
        Assert.Equal($"hi phase\nhere {{\n{_machine.Home}/flake", _machine.Firn("nix", "develop", "--impure", "./flake", "--phase", "greet"));
        Assert.Contains("both '--command' and '--phase'", _machine.Fails("nix", "develop", "./flake", "--build", "-c", "true").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_the_store_can_be_somewhere_else()
    {
        _machine.Write("user.nix", """
            let lib = derivation { name = "lib"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; };
            in { inherit lib; user = derivation { name = "user"; system = builtins.currentSystem; builder = "/bin/bash"; LIB = "${lib}/include"; }; }
            """);
        Assert.Equal($"{_machine.Home}/mine/include", _machine.Firn("nix", "develop", "--redirect", "lib", "./mine", "-f", "./user.nix", "user", "-c", "sh", "-c", "echo $LIB"));
    }

    [Fact]
    public void A_derivation_of_another_builder_is_refused()
    {
        var failure = _machine.Fails("nix", "develop", "--impure", "--expr", "derivation { name = \"a\"; system = builtins.currentSystem; builder = \"/bin/sh\"; }");
        Assert.Contains("only works on derivations that use 'bash' as their builder", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("The builder of 'a' is '/bin/sh'.", failure.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--set-env-var A 1 --set-env-var A 2", "Duplicate definition of environment variable 'A' with '--set-env-var' is ambiguous")]
    [InlineData("--set-env-var A 1 --unset-env-var A", "Cannot unset environment variable 'A' that is set with '--set-env-var'")]
    [InlineData("--unset-env-var A --set-env-var A 1", "Cannot set environment variable 'A' that is unset with '--unset-env-var'")]
    [InlineData("--keep-env-var A", "--keep-env-var does not make sense without --ignore-env")]
    [InlineData("--ignore-env --unset-env-var A", "--unset-env-var does not make sense with --ignore-env")]
    public void Options_that_contradict_each_other_are_refused(string options, string message) =>
        Assert.Contains(message, _machine.Fails("nix", ["develop", "-f", "./shell.nix", .. options.Split(' ')]).Errors, StringComparison.Ordinal);

    [Fact]
    public void A_build_becomes_a_generation_of_a_profile()
    {
        string[] Words(string name) => ["build", "--no-link", "--profile", "./p", "--impure", "--expr",
            $"derivation {{ name = \"{name}\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo > $out\" ]; }}"];
        _machine.Firn("nix", Words("one"));
        _machine.Firn("nix", Words("two"));
        Assert.Equal("p-2-link", _machine.Shell("readlink p"));
        Assert.EndsWith("-one", _machine.Shell("readlink p-1-link"), StringComparison.Ordinal);
    }

    // Paths of builds and of what writes the environment down are not the same for both.
    private static string Comparable(string text)
    {
        var json = JsonNode.Parse(HashedPath().Replace(BuildFolder().Replace(text, "/build"), "/nix/store/X-"))!;
        json["variables"]!.AsObject().Remove("LINENO");
        return Sorted(json)!.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("/nix/store/[0-9a-z]{32}-")]
    private static partial Regex HashedPath();

    [GeneratedRegex("/nix/var/nix/builds/nix-[-0-9a-z]+")]
    private static partial Regex BuildFolder();
}
