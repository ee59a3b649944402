namespace Firn.EndToEnd.Profiles;

/// <summary><c>nix profile</c>: packages of flakes in a profile, which C++ Nix reads and writes too.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly Machine _machine = new("extra-experimental-features = flakes", "sandbox = false");

    public ProfileTests()
    {
        Flake("one", "1.0", "one");
        Flake("two", "1.0", "two");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_package_is_added_upgraded_rolled_back_and_removed()
    {
        Nix("profile add ./one");
        Assert.Equal("one", _machine.Shell("cat .nix-profile/bin/hello"));
        Assert.Contains("warning: 'one' is already added", Nix("profile add ./one 2>&1"), StringComparison.Ordinal);
        var list = Nix("profile list");
        Assert.Contains("Name:               one\nFlake attribute:    packages.x86_64-linux.default\n", list, StringComparison.Ordinal);
        Assert.Contains($"Original flake URL: path:{_machine.Home}/one\n", list, StringComparison.Ordinal);

        Flake("one", "2.0", "newer");
        Assert.Contains("upgrading 'packages.x86_64-linux.default' from flake", Nix("profile upgrade one 2>&1"), StringComparison.Ordinal);
        Assert.Equal("newer", _machine.Shell("cat .nix-profile/bin/hello"));
        Assert.Contains("packages.x86_64-linux.default: 1.0 -> 2.0", Nix("profile history"), StringComparison.Ordinal);
        Assert.Contains("hello: 1.0 → 2.0", Nix("profile diff-closures"), StringComparison.Ordinal);

        Nix("profile rollback");
        Assert.Equal("one", _machine.Shell("cat .nix-profile/bin/hello"));
        Assert.Contains("removed 1 packages, kept 0 packages", Nix("profile remove --regex '.*/one#.*' 2>&1"), StringComparison.Ordinal);
        Assert.Equal("", Nix("profile list"));
        Nix("profile wipe-history");
        Assert.Equal("1", _machine.Shell($"{Machine.FirnCommands}/nix profile history | grep -c Version"));
    }

    [Fact]
    public void The_users_mask_counts_for_his_programs_and_not_for_the_store()
    {
        _machine.Shell($"umask 0002; {Machine.FirnCommands}/nix profile add ./one");
        Assert.Equal("one", _machine.Shell("cat .nix-profile/bin/hello"));
        Assert.Equal("0027", _machine.Shell($"umask 0027; {Machine.FirnCommands}/nix shell ./one -c sh -c umask").Trim());
    }

    [Fact]
    public void Files_that_collide_are_named_with_what_can_be_done()
    {
        Nix("profile add ./one");
        var failure = _machine.Fails("nix", "profile", "add", "./two");
        Assert.Contains("An existing package already provides the following file:", failure.Errors, StringComparison.Ordinal);
        Assert.Contains("nix profile remove one", failure.Errors, StringComparison.Ordinal);
        Assert.Contains($"nix profile add path:{_machine.Home}/two#packages.x86_64-linux.default --priority 4", failure.Errors, StringComparison.Ordinal);
        Nix("profile add ./two --priority 6");
        Assert.Equal("one", _machine.Shell("cat .nix-profile/bin/hello"));
        Nix("profile remove two");
        Nix("profile add ./two --priority 4");
        Assert.Equal("two", _machine.Shell("cat .nix-profile/bin/hello"));
    }

    [Fact]
    public void What_is_no_flake_is_named_by_its_object()
    {
        Nix("profile add $(nix build --no-link --print-out-paths ./one)");
        Assert.Contains("Name:               hello\nStore paths:", Nix("profile list"), StringComparison.Ordinal);
        Assert.Contains("was not added from a flake", Nix("profile upgrade hello 2>&1"), StringComparison.Ordinal);
        Nix("profile remove $(readlink -f .nix-profile/bin/hello | sed 's|/bin/hello||')");
        Assert.Equal("", Nix("profile list"));
    }

    [Fact]
    public void A_profile_of_nix_env_is_taken_over()
    {
        _machine.Write("a.nix", "derivation { name = \"a-1\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"/bin/mkdir $out; echo a > $out/a\" ]; }");
        _machine.Firn("nix-env", "-f", "./a.nix", "-i", "a");
        Nix("profile add ./one");
        Assert.Equal("a one", _machine.Shell("echo $(cat .nix-profile/a .nix-profile/bin/hello)"));
        Assert.Contains("use 'nix profile' instead", _machine.Fails("nix-env", "-q").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_work_on_the_same_profile()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        Nix("profile add ./one");
        Assert.Equal(Nix("profile list"), Plain(_machine.Reference("nix", "profile", "list")));
        Assert.Equal(Nix("profile list --json"), _machine.Reference("nix", "profile", "list", "--json"));
        Assert.Contains("already added", _machine.Shell($"{_machine.ReferenceCommands}/nix profile add ./one 2>&1"), StringComparison.Ordinal);
        var target = _machine.Shell("readlink -f .nix-profile");
        _machine.Reference("nix", "profile", "remove", "one");
        _machine.Reference("nix", "profile", "add", "./one");
        Assert.Equal(target, _machine.Shell("readlink -f .nix-profile"));
        Assert.Equal(Plain(_machine.Reference("nix", "profile", "history")), Nix("profile history"));
    }

    [Theory]
    [InlineData("remove", "No packages specified.")]
    [InlineData("upgrade --all one", "--all cannot be used with package names or regular expressions.")]
    [InlineData("remove 3", "no longer supports indices ('3')")]
    [InlineData("remove --regex (", "is not a regular expression")]
    [InlineData("add ./one --priority high", "'high' is not a priority")]
    public void What_makes_no_sense_is_refused(string line, string message) =>
        Assert.Contains(message, _machine.Fails("nix", ["profile", .. line.Split(' ')]).Errors, StringComparison.Ordinal);

    private string Nix(string line) => _machine.Shell($"PATH={Machine.FirnCommands}:$PATH; nix {line}");

    // C++ Nix colours this wherever it goes.
    private static string Plain(string text) => text.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[32;1m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal);

    private void Flake(string name, string version, string text)
    {
        Directory.CreateDirectory($"{_machine.Home}/{name}");
        _machine.Write($"{name}/flake.nix", $$"""
            { outputs = _: { packages.x86_64-linux.default = derivation {
                name = "hello-{{version}}"; system = "x86_64-linux"; builder = "/bin/sh";
                args = [ "-c" "/bin/mkdir -p $out/bin; echo {{text}} > $out/bin/hello" ];
            }; }; }
            """);
    }
}
