using System.Diagnostics;

namespace Firn.EndToEnd.BadInput;

/// <summary>Repositories of other users, whose configuration could run programs as whoever looks at them (CVE-2022-24765).</summary>
public sealed class ForeignRepositoryTests : IDisposable
{
    private readonly Machine _machine = new("sandbox = false", "experimental-features = nix-command flakes");
    private readonly string _repository;
    private readonly string _trap;

    public ForeignRepositoryTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can make a repository that belongs to another user");
        (_repository, _trap) = ($"{_machine.Home}/repository", $"{_machine.Home}/trap");
        _machine.Shell($$"""
            cd {{_machine.Home}} && git -c init.defaultBranch=main init -q repository && cd repository
            echo '{ outputs = _: { x = 1; }; }' > flake.nix && git add . && git -c user.name=a -c user.email=a@example.org commit -qm one
            git clone -q --bare . ../bare.git
            for r in .git ../bare.git; do
              printf '#!/bin/sh\ntouch {{_trap}}\n' > $r/trap && chmod +x $r/trap
              git --git-dir=$r config core.fsmonitor "$(realpath $r/trap)"
              git --git-dir=$r config uploadpack.packObjectsHook "$(realpath $r/trap)"
            done
            """);
        GiveAway();
    }

    public void Dispose()
    {
        if (_machine is not null)
        {
            Own("0:0");
            _machine.Dispose();
        }
    }

    [Fact]
    public void A_work_tree_of_another_user_is_not_looked_at_with_git()
    {
        var failure = _machine.Fails("nix-instantiate", "--eval", "--strict", "-E", $"(builtins.fetchGit {_repository}).rev");
        Assert.Contains("dubious ownership", failure.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_trap));
    }

    [Fact]
    public void A_flake_in_a_work_tree_of_another_user_is_not_evaluated()
    {
        var failure = _machine.Fails("nix", "eval", $"{_repository}#x");
        Assert.Contains("dubious ownership", failure.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_trap));
    }

    [Fact]
    public void A_bare_repository_of_another_user_is_not_fetched_from()
    {
        var failure = _machine.Fails("nix-instantiate", "--eval", "--strict", "-E", $"(builtins.fetchGit {{ url = \"file://{_machine.Home}/bare.git\"; ref = \"main\"; }}).rev");
        Assert.Contains("dubious ownership", failure.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_trap));
    }

    [Fact]
    public void What_a_Mercurial_repository_of_another_user_has_hg_run_is_not_run()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "hg"))), "the program hg (Mercurial) is not installed");
        _machine.Shell($$"""
            cd {{_repository}} && rm -rf .git && hg init && hg add flake.nix && HGUSER=a hg commit -m one && echo >> flake.nix
            for hook in status branch log clone archive; do echo "pre-$hook = touch {{_trap}}"; done | sed '1i[hooks]' > .hg/hgrc
            """);
        GiveAway();
        Assert.Contains("untrusted hook pre-status not executed", _machine.Fails("nix", "eval", $"hg+file://{_repository}#x").Errors, StringComparison.Ordinal);
        _machine.Shell($"{Machine.FirnCommands}/nix eval 'hg+file://{_repository}?ref=default#x' || true");
        Assert.False(File.Exists(_trap));
    }

    [Fact]
    public void Whom_the_user_trusts_git_may_look_at()
    {
        _machine.Shell($"git --git-dir={_repository}/.git config --unset core.fsmonitor; git config --global safe.directory {_repository}");
        GiveAway();
        Assert.Equal("1", _machine.Firn("nix", "eval", $"{_repository}#x"));
    }

    private void GiveAway() => Own("65534:65534");

    // Outside the machine, which knows no other users.
    private void Own(string owner)
    {
        using var process = Process.Start("chown", ["-R", owner, _repository, $"{_machine.Home}/bare.git"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
