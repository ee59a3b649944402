using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Profiles.Generations;
using Firn.Store.Roots;

namespace Firn.Tests.Profiles.Generations;

public sealed class ProfileRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProfileRunner _runner;
    private readonly string _profile;
    private readonly StorePath _first = StorePath.Parse("s0g2xnvfhhg4ciifz3pyc7mgs0sxv5s7-foo-1.0");
    private readonly StorePath _second = StorePath.Parse("70qfvphd3bs1v4jngx844iw5drpivx05-bar-2");

    public ProfileRunnerTests()
    {
        _profile = Path.Combine(_folder.Path, "profiles/profile");
        _runner = new ProfileRunner(new Links(), StoreDirectory.Default, NoMessageLog.Instance, TimeProvider.System);
    }

    [Fact]
    public void Each_change_makes_a_generation_that_can_be_gone_back_to()
    {
        _runner.Set(_profile, _first);
        _runner.Set(_profile, _second);

        Assert.Equal("profile-2-link", ReadLink(_profile));
        Assert.Equal($"/nix/store/{_second}", ReadLink(_profile + "-2-link"));

        _runner.Switch(_profile, null, isDryRun: false);

        Assert.Equal("profile-1-link", ReadLink(_profile));
        Assert.Equal(1u, ProfileRunner.List(_profile).Current);
        Assert.Equal([1u, 2u], ProfileRunner.List(_profile).All.Select(g => g.Number));
    }

    [Fact]
    public void The_same_again_makes_no_generation()
    {
        _runner.Set(_profile, _first);
        _runner.Set(_profile, _first);

        Assert.Single(ProfileRunner.List(_profile).All);
    }

    [Fact]
    public void A_profile_that_somebody_changed_meanwhile_is_left_alone()
    {
        var token = ProfileRunner.ReadToken(_profile);
        _runner.Set(_profile, _first);

        Assert.False(_runner.TrySet(_profile, _second, token));
        Assert.Equal("profile-1-link", ReadLink(_profile));
        Assert.True(_runner.TrySet(_profile, _second, ProfileRunner.ReadToken(_profile)));
    }

    [Fact]
    public void Old_generations_of_all_profiles_are_deleted_and_no_lock_stays()
    {
        var other = Path.Combine(_folder.Path, "profiles/per-user/me/channels");
        foreach (var profile in (string[])[_profile, other])
        {
            _runner.Set(profile, _first);
            _runner.Set(profile, _second);
        }

        new OldGenerations(_runner, NoMessageLog.Instance).Delete(Path.Combine(_folder.Path, "profiles"), new GenerationSelector.Old(), isDryRun: true);
        Assert.Equal(2, ProfileRunner.List(other).All.Count);

        new OldGenerations(_runner, NoMessageLog.Instance).Delete(Path.Combine(_folder.Path, "profiles"), new GenerationSelector.Old(), isDryRun: false);
        Assert.Equal(
            ["channels", "channels-2-link", "profile", "profile-2-link"],
            Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_default_profile_gets_its_links_on_first_use()
    {
        var locations = new ProfileLocations
        {
            IsRoot = true,
            Home = _folder.Path,
            UserStateDirectory = _folder.Path + "/.local/state/nix",
            StoreStateDirectory = _folder.Path + "/nix/var/nix",
        };

        var found = DefaultProfile.Find(locations);

        Assert.Equal(_folder.Path + "/nix/var/nix/profiles/per-user/root/profile", found);
        Assert.Equal(found, ReadLink(_folder.Path + "/.nix-profile"));
        Assert.Equal(found, ReadLink(_folder.Path + "/nix/var/nix/profiles/default"));
        Assert.Equal(
            _folder.Path + "/.local/state/nix/profiles/profile",
            DefaultProfile.Find(locations with { IsRoot = false, UsesXdg = true }));
    }

    [Fact]
    public void A_switched_profile_is_the_one_that_is_worked_on()
    {
        var locations = new ProfileLocations { IsRoot = false, Home = _folder.Path, UserStateDirectory = _folder.Path + "/s", StoreStateDirectory = "/nix/var/nix" };
        ProfileRunner.SwitchTo(locations.ProfileLink, "/some/profile");

        Assert.Equal("/some/profile", DefaultProfile.Find(locations));
    }

    public void Dispose() => _folder.Dispose();

    private static string? ReadLink(string path) => new FileInfo(path).LinkTarget;

    private sealed class Links : IGcRoots
    {
        public void AddPermanentRoot(StorePath path, string link) => File.CreateSymbolicLink(link, $"/nix/store/{path}");

        public void AddIndirectRoot(string link) => throw new NotSupportedException();

        public IEnumerable<GcRoot> ListRoots() => throw new NotSupportedException();
    }
}
