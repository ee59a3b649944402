namespace Firn.EndToEnd.SideBySide;

/// <summary>What <c>nix-shell</c> starts from: scripts, folders, links to derivations.</summary>
public sealed class ShellScriptTests : IDisposable
{
    private const string Shell = """
        { FOO ? "foo" }: derivation {
          name = "shell";
          system = builtins.currentSystem;
          builder = "/bin/sh";
          inherit FOO;
          stdenv = builtins.toFile "stdenv" "";
        }
        """;

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("true", "/home/sub")]
    [InlineData("false", "/home")]
    public void Expressions_in_a_script_are_relative_to_it_unless_that_is_turned_off(string setting, string ending)
    {
        Directory.CreateDirectory($"{_machine.Home}/sub");
        _machine.Write("sub/shell.nix", Shell);
        _machine.Write("shell.nix", Shell);
        var script = _machine.Write("sub/script", $$"""
            #! /usr/bin/env nix-shell
            #! nix-shell 'import ./shell.nix { FOO = toString ./.; }' --expr
            #! nix-shell --option nix-shell-shebang-arguments-relative-to-script {{setting}}
            #! nix-shell -i sh
            echo "$FOO"
            """);
        Assert.EndsWith(ending, _machine.Firn("nix-shell", script), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_s_default_nix_is_taken_when_the_setting_for_shell_nix_is_off()
    {
        Directory.CreateDirectory($"{_machine.Home}/both");
        _machine.Write("both/shell.nix", Shell);
        _machine.Write("both/default.nix", "abort \"default.nix was read\"");
        Assert.Equal("foo", _machine.Firn("nix-shell", "both", "--run", "echo $FOO"));
        var failure = _machine.Fails("nix-shell", "both", "--run", "echo $FOO", "--option", "nix-shell-always-looks-for-shell-nix", "false");
        Assert.Contains("default.nix was read", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("because the setting 'nix-shell-always-looks-for-shell-nix' is disabled", failure.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link.drv")]
    [InlineData("link")]
    public void A_link_to_a_derivation_is_followed_whatever_its_name(string name)
    {
        _machine.Firn("nix-instantiate", _machine.Write("shell.nix", Shell), "--add-root", name);
        Assert.Equal("foo", _machine.Firn("nix-shell", name, "--run", "echo $FOO"));
    }
}
